"""The process map: its layout, what is folded, its words, and that its SVG is safe and legible."""

from __future__ import annotations

import random
import re
import time
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mindset.practices.processes.method.drawing.labels import Wanted, place_labels
from mindset.practices.processes.method.drawing.layers import layers_of, order_of_work
from mindset.practices.processes.method.drawing.look import PADDING, box_size, name_lines
from mindset.practices.processes.method.drawing.marks import clean, text_width, wrap
from mindset.practices.processes.method.drawing.paths import fit
from mindset.practices.processes.method.layout import Box, Layout, Link, arrange, main_route
from mindset.practices.processes.method.process_graph import (
    Activity,
    Folded,
    ProcessGraph,
    Terminal,
    describe,
    fold,
    fold_together,
    slowest,
)
from mindset.practices.processes.method.process_map import describe_changes, draw, draw_pair, lay_out
from tests.process_graphs import DAY, dense, graph_of, permits

SVG = "{http://www.w3.org/2000/svg}"


@st.composite
def boxes_and_links(draw: st.DrawFn, cycles: bool = True) -> tuple[list[Box], list[Link]]:
    n = draw(st.integers(1, 14))
    boxes = [Box(f"n{k}", draw(st.sampled_from([60.0, 92.0, 150.0])), 60.0, 1.0 + k % 3) for k in range(n)]
    pairs = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1))
    chosen = draw(st.dictionaries(pairs, st.integers(1, 1000), max_size=3 * n))
    links = [
        Link(f"n{a}", f"n{b}", count, draw(st.sampled_from([(0.0, 0.0), (60.0, 32.0)])))
        for (a, b), count in chosen.items()
        if cycles or a < b
    ]
    looped = {link.source for link in links if link.source == link.target}
    return [Box(b.id, b.width, b.height, b.weight, 36.0 if b.id in looped else 0.0) for b in boxes], links


def assert_clear(layout: Layout) -> None:
    """No two boxes touch, no path crosses a box that is not its own, and everything is inside the picture."""
    for a, b in combinations(layout.nodes, 2):
        apart = a.right < b.left or b.right < a.left or a.bottom < b.top or b.bottom < a.top
        assert apart, (a, b)
    for edge in layout.edges:
        for x, y in edge.points(24):
            assert -0.5 <= x <= layout.width + 0.5 and -0.5 <= y <= layout.height + 0.5
            for node in layout.nodes:
                if node.id not in (edge.source, edge.target):
                    assert not (node.left < x < node.right and node.top < y < node.bottom), (edge, node)


@settings(max_examples=80, deadline=None)
@given(boxes_and_links())
def test_no_boxes_overlap_and_no_path_crosses_a_box(graph: tuple[list[Box], list[Link]]) -> None:
    layout = arrange(*graph)
    assert len(layout.nodes) == len(graph[0]) and len(layout.edges) == len(graph[1])
    assert_clear(layout)


@settings(max_examples=40, deadline=None)
@given(boxes_and_links(), st.randoms(use_true_random=False))
def test_the_layout_does_not_depend_on_the_order_of_the_input(
    graph: tuple[list[Box], list[Link]], chance: random.Random
) -> None:
    boxes, links = graph
    again = arrange(chance.sample(boxes, len(boxes)), chance.sample(links, len(links)))
    assert again == arrange(boxes, links)


@settings(max_examples=40, deadline=None)
@given(boxes_and_links(cycles=False))
def test_without_cycles_the_order_of_work_follows_every_link(graph: tuple[list[Box], list[Link]]) -> None:
    boxes, links = graph
    weights = np.zeros((len(boxes), len(boxes)))
    for link in links:
        weights[int(str(link.source)[1:]), int(str(link.target)[1:])] = link.count
    order = order_of_work(weights)
    assert sorted(order) == list(range(len(boxes)))
    assert all(order.index(a) < order.index(b) for a, b in zip(*np.nonzero(weights), strict=True))


def test_the_lighter_direction_of_a_cycle_goes_back() -> None:
    weights = np.array([[0, 90, 0], [0, 0, 80], [30, 0, 0]], dtype=float)
    assert order_of_work(weights) == [0, 1, 2]
    assert layers_of(weights, [0, 1, 2], None, None) == [0, 1, 2]


def test_the_main_flow_is_straight_and_goes_to_the_right() -> None:
    graph = permits()
    layout = lay_out(graph)
    at = {node.id: node for node in layout.nodes}
    main = main_route(Terminal.START, [(f.source, f.target, f.count) for f in graph.flows])
    assert main[0] is Terminal.START and main[-1] is Terminal.END
    assert len({at[node].y for node in main}) == 1
    assert [at[node].x for node in main] == sorted(at[node].x for node in main)
    assert at[Terminal.END].layer == max(node.layer for node in layout.nodes)


@given(
    st.lists(st.tuples(st.floats(-100, 100), st.sampled_from([0.5, 1.0, 3.0])), min_size=1, max_size=6),
    st.floats(1, 20),
)
def test_heights_keep_their_gaps_and_cannot_be_bettered_by_moving_all(
    pulls: list[tuple[float, float]], gap: float
) -> None:
    heights = fit([[pull] for pull in pulls], [gap] * (len(pulls) - 1))

    def miss(moved: list[float]) -> float:
        return sum(weight * abs(height - want) for height, (want, weight) in zip(moved, pulls, strict=True))

    assert all(b - a >= gap - 1e-9 for a, b in pairwise(heights))
    for start in range(len(heights)):
        assert miss(heights) <= miss([h - 0.1 if k <= start else h for k, h in enumerate(heights)]) + 1e-6
        assert miss(heights) <= miss([h + 0.1 if k >= start else h for k, h in enumerate(heights)]) + 1e-6


@pytest.mark.parametrize("graph", [permits(), dense(20, 60)])
def test_labels_stay_off_boxes_and_off_one_another(graph: ProcessGraph) -> None:
    layout = lay_out(graph)
    wanted = [Wanted(k, 70.0, 32.0, 3.0) for k in range(len(layout.edges))]
    spots = [s for s in place_labels(wanted, layout.nodes, layout.edges, (layout.width, layout.height)) if s]
    assert len(spots) >= len(wanted) / 2
    taken = [(n.left, n.top, n.right, n.bottom) for n in layout.nodes]
    taken += [(s.x - s.width / 2, s.y - s.height / 2, s.x + s.width / 2, s.y + s.height / 2) for s in spots]
    labels = taken[len(layout.nodes) :]
    for label in labels:
        for other in taken:
            if other is not label:
                clear = label[0] >= other[2] or other[0] >= label[2] or label[1] >= other[3] or other[1] >= label[3]
                assert clear, (label, other)


HOSTILE = [
    "</text><script>alert(1)</script>",
    '"><g onload="x">&amp;]]>',
    "a\x00b\x1b\x0bc\ud800\uffff",
    "\u202egnirts desrever",
    "\x07",
    "{n} {0} %(x)s",
    "Cynllunio: ŵ ŷ – Ymgynghoriad â chymdogion",
    "استلام الطلب ومراجعته",
    "受付と審査と通知",
    "x" * 400,
    "word " * 120,
    "Start",
    "Terminal.START",
]


def hostile() -> ProcessGraph:
    pairs = pairwise(HOSTILE)
    return graph_of({pair: (5 + k, DAY) for k, pair in enumerate(pairs)}, {HOSTILE[0]: 9}, {HOSTILE[-1]: 9})


def parse(svg: str) -> ET.Element:
    return ET.fromstring(svg.encode())


@pytest.mark.parametrize("language", ["en", "cy"])
def test_hostile_names_stay_text(language: str) -> None:
    graph = hostile()
    for svg in (draw(graph, language=language, title=HOSTILE[1]), *draw_pair(graph, permits(), language=language)):
        root = parse(svg)
        tags = {element.tag.removeprefix(SVG) for element in root.iter()}
        assert tags <= {"svg", "title", "desc", "g", "path", "polygon", "rect", "circle", "text"}
        for element in root.iter():
            assert not any(name == "style" or name.startswith("on") or name == "href" for name in element.attrib)
        assert "<style" not in svg and "<script" not in svg and " style=" not in svg
    titles = [element.text for element in parse(draw(graph)).iter(f"{SVG}title")]
    assert HOSTILE[0] in titles and HOSTILE[7] in titles and "(no name)" in titles and clean(HOSTILE[2]) == "abc"


def test_text_fits_its_box() -> None:
    for name in [*HOSTILE, "Registration", "Send for Credit Collection", "Receive Result Appeal from Prefecture"]:
        width, height = box_size(Activity(name, 1_234_567, 2_000_000), "en")
        lines = name_lines(name, width, "en")
        assert 1 <= len(lines) <= 3 and height >= 17 * len(lines) + 16
        assert all(text_width(line, 14) <= width - 2 * PADDING for line in lines)
    assert name_lines("word " * 120, 120, "en")[-1].endswith("…")
    assert wrap("Registration", 40, 14, 2)[-1].endswith("…")
    assert wrap("Site visit", 200, 14, 3) == ["Site visit"]
    width, _ = box_size(Activity("Committee meeting", 9, 9), "en")
    assert name_lines("Committee meeting", width, "en") == ["Committee", "meeting"]


def test_no_text_is_smaller_than_13_pixels() -> None:
    sizes = [float(e.attrib["font-size"]) for e in parse(draw(permits(), title="Permits")).iter(f"{SVG}text")]
    assert sizes and min(sizes) >= 13


def test_the_svg_is_an_image_with_a_name_and_an_alternative() -> None:
    root = parse(draw(permits(), title="Half of the cases take 26 days"))
    assert root.attrib["role"] == "img" and root.attrib["viewBox"].startswith("0 0 ")
    assert root[0].tag == f"{SVG}title" and root[0].text == "Half of the cases take 26 days"
    assert root[1].tag == f"{SVG}desc" and root[1].text == describe(permits()).render()


def test_the_alternative_text_says_what_is_shown() -> None:
    # Whether a list has a comma before its "and" is for the language data to say.
    assert describe(permits()).render("en").replace(", and ", " and ") == (
        "Process map of 1,000 cases, left to right: 10 activities, 17 arrows. "
        "The most common steps from the start are Receive application, Register by hand, Check application, "
        "Consult neighbours, Write report, Decide and Send letter. "
        "The slowest common step is from Ask for documents to Receive documents: "
        "half of its 300 times take 12 days or less."
    )
    assert "Not drawn: 4 rare arrows and 1 rare activity" in describe(fold(permits(), 0.95)).render("en")


def test_the_slowest_step_is_a_common_one_and_is_marked_in_words() -> None:
    step = slowest(permits().edges)
    assert step is not None and (step.source, step.target) == ("Ask for documents", "Receive documents")
    root = parse(draw(permits()))
    assert [e.text for e in root.iter(f"{SVG}text")].count("slowest") == 1
    assert sum("pm-slow" in e.attrib.get("class", "") for e in root.iter(f"{SVG}path")) == 1


def test_width_is_cases_and_shade_is_time() -> None:
    graph = graph_of(
        {("a", "b"): (1000, DAY), ("b", "c"): (250, 40 * DAY), ("b", "b"): (500, DAY)}, {"a": 1000}, {"c": 9}
    )
    drawn = {
        group.find(f"{SVG}title").text.split(".")[0]: group.find(f"{SVG}path").attrib  # type: ignore[union-attr]
        for group in parse(draw(graph)).iter(f"{SVG}g")
        if group.find(f"{SVG}path") is not None
    }
    wide, slow, half = (drawn[f"From {a} to {b}"] for a, b in ("ab", "bc", "bb"))
    assert float(wide["stroke-width"]) == 4 * float(slow["stroke-width"]) == 2 * float(half["stroke-width"])
    assert "pm-time-5" in slow["class"] and wide["class"].split()[1] == half["class"].split()[1] < "pm-time-5"


def reachable(pairs: set[tuple[object, object]], root: object) -> set[object]:
    met = {root}
    while more := {b for a, b in pairs if a in met} - met:
        met |= more
    return met


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=9), min_size=1, max_size=40), st.floats(0, 1)
)
def test_folding_keeps_the_share_and_every_activity_connected(cases: list[list[str]], keep: float) -> None:
    edges: dict[tuple[str, str], int] = {}
    starts: dict[str, int] = {}
    ends: dict[str, int] = {}
    for case in cases:
        starts[case[0]] = starts.get(case[0], 0) + 1
        ends[case[-1]] = ends.get(case[-1], 0) + 1
        for pair in pairwise(case):
            edges[pair] = edges.get(pair, 0) + 1
    whole = graph_of(dict(edges), starts, ends)
    part = fold(whole, keep)
    assert sum(edge.count for edge in part.edges) >= keep * sum(edges.values()) - 1e-9
    pairs: set[tuple[object, object]] = {(flow.source, flow.target) for flow in part.flows}
    names = {activity.name for activity in part.activities}
    assert names == {node for pair in pairs for node in pair if isinstance(node, str)}
    assert names <= reachable(pairs, Terminal.START)
    assert names <= reachable({(b, a) for a, b in pairs}, Terminal.END)
    assert part.folded.activities == len(whole.activities) - len(part.activities)
    assert part.folded.edges == len(whole.flows) - len(part.flows)
    assert part.folded.count == sum(f.count for f in whole.flows) - sum(f.count for f in part.flows)
    assert fold(whole, 1.0) == whole


def test_what_is_folded_is_said_in_the_picture() -> None:
    part = fold(permits(), 0.95)
    assert part.folded == Folded(activities=1, edges=4, count=176)
    shown = " ".join(e.text or "" for e in parse(draw(part)).iter(f"{SVG}text"))
    assert "Not drawn: 4 rare arrows and 1 rare activity, 2% of the traffic." in shown
    assert "Not drawn" not in draw(permits())
    with pytest.raises(ValueError, match="share"):
        fold(permits(), 1.5)


def test_a_graph_survives_json() -> None:
    part = fold(permits(), 0.9)
    assert ProcessGraph.from_json(part.to_json()) == part


def boxes_of(svg: str) -> dict[str, tuple[str, str]]:
    return {
        group.find(f"{SVG}title").text: (rect.attrib["x"], rect.attrib["y"])  # type: ignore[union-attr, misc]
        for group in parse(svg).iter(f"{SVG}g")
        if (rect := group.find(f"{SVG}rect")) is not None
    }


def test_a_pair_has_one_layout_and_says_what_changed() -> None:
    before, after = draw_pair(permits(), permits(digital=True))
    old, new = boxes_of(before), boxes_of(after)
    assert "Check form automatically" not in old and "Register by hand" in new
    assert all(new[name] == place for name, place in old.items())
    assert parse(before).attrib["viewBox"] == parse(after).attrib["viewBox"]
    assert parse(before).attrib["class"] == "pm-map pm-before" and parse(after).attrib["class"] == "pm-map pm-after"
    said = [e.text for e in parse(after).iter(f"{SVG}text")]
    assert {"gone", "new", "18 fewer"} <= set(said) and not any("more" in (text or "").split()[1:2] for text in said)
    assert not {"gone", "new"} & {e.text for e in parse(before).iter(f"{SVG}text")}
    dashed = [e for e in parse(after).iter(f"{SVG}path") if "stroke-dasharray" in e.attrib]
    assert len(dashed) == 2 and all("pm-gone" in e.attrib["class"] for e in dashed)
    assert "100 per 100 cases, before 0." in (parse(after)[1].text or "")


def test_a_step_that_is_rare_on_one_side_is_not_gone() -> None:
    sides = [
        graph_of({("A", "B"): often, ("A", "C"): rare, ("B", "D"): often, ("C", "D"): rare}, {"A": 100}, {"D": 100})
        for often, rare in ((50, 50), (98, 2))
    ]
    steps = [{(flow.source, flow.target) for flow in fold(graph, 0.9).edges} for graph in sides]
    assert ("A", "C") in steps[0] and ("A", "C") not in steps[1]
    assert all(("A", "C") in {(f.source, f.target) for f in graph.edges} for graph in fold_together(*sides, 0.9))


def test_a_pair_of_equals_marks_nothing() -> None:
    _, after = draw_pair(permits(), permits())
    assert "pm-gone" not in after and "pm-new" not in after and "stroke-dasharray" not in after
    assert not re.search(r">\d+ (more|fewer)<", after)
    assert describe_changes(permits(), permits()) == []


@pytest.mark.parametrize(
    "graph",
    [
        ProcessGraph((), (), {}, {}),
        graph_of({}, {"Only step": 3}, {"Only step": 3}),
        graph_of({("Only step", "Only step"): 5}, {"Only step": 3}, {"Only step": 3}),
        graph_of({}, {}, {}, ("Left over", "And another")),
        graph_of({("a", "b"): 5, ("b", "a"): 4}, {"a": 3}, {"b": 3}),
        graph_of({("a", "b"): 5, ("x", "y"): 4, ("y", "x"): 3}, {"a": 3}, {"b": 3}),
        graph_of({("a", "b"): (0, 0.0)}, {"a": 0}, {"b": 0}),
    ],
)
def test_small_and_odd_graphs_are_drawn(graph: ProcessGraph) -> None:
    assert_clear(lay_out(graph))
    root = parse(draw(graph))
    assert len(list(root.iter(f"{SVG}rect"))) == len(graph.activities)
    assert len(list(root.iter(f"{SVG}path"))) == len(graph.flows)
    draw_pair(graph, permits())
    draw_pair(permits(), graph)


def test_the_same_graph_gives_the_same_picture() -> None:
    graph = permits()
    turned = ProcessGraph(
        graph.activities[::-1], graph.edges[::-1], dict(graph.starts), dict(list(graph.ends.items())[::-1])
    )
    assert draw(graph) == draw(turned)


def test_sixty_activities_and_four_hundred_edges_within_a_second() -> None:
    graph = dense()
    draw(permits())  # The language data are read once.
    taken = []
    for _ in range(3):
        begun = time.perf_counter()
        svg = draw(graph)
        taken.append(time.perf_counter() - begun)
    assert len(list(parse(svg).iter(f"{SVG}rect"))) == 60
    assert min(taken) < 1.0
