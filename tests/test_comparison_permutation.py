"""Label permutation, families of tests, features of paths, and the distance between paths."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pytest
from scipy.sparse import csr_array

from mindset.practices.processes.method import permutation
from mindset.practices.processes.method.distance import path_distance
from mindset.practices.processes.method.path_features import Feature, Steps, features_of
from mindset.practices.processes.method.permutation import Kinds, Null


def test_p_is_that_of_all_relabellings():
    """Ten cases, all 252 ways to label five of them."""
    carried = np.array([1, 0, 1, 1, 0, 0, 0, 1, 0, 0])
    after = np.array([1, 1, 1, 1, 0, 0, 0, 0, 1, 0], dtype=bool)
    kinds, kind = Kinds.count(carried, np.zeros(10, dtype=np.int64), after)
    null = permutation.null_of_totals(kinds, csr_array(kind[:, None]), 40_000, np.random.default_rng(0))
    totals = np.array([carried[list(chosen)].sum() for chosen in combinations(range(10), 5)])
    extreme = np.abs(totals - 2.0) >= abs(carried[after].sum() - 2.0)
    assert null.p[0] == pytest.approx(extreme.mean(), abs=0.01)
    assert null.null.std() == pytest.approx(1, abs=0.01)


def test_labels_stay_within_their_stratum():
    rng = np.random.default_rng(1)
    stratum, kind, after = rng.integers(0, 4, 300), rng.integers(0, 6, 300), rng.random(300) < 0.3
    kinds, _ = Kinds.count(kind, stratum, after)
    for drawn in kinds.relabelled(50, rng):
        assert (drawn <= kinds.total).all()
        assert (np.add.reduceat(drawn, kinds.starts, axis=1) == np.add.reduceat(kinds.after, kinds.starts)).all()


def test_rare_kinds_are_shuffled_alike():
    """Kinds of few cases are shuffled case by case: same totals, right mean and variance."""
    kind = np.r_[np.repeat(np.arange(2_000), 3), np.arange(2_000, 6_000)]
    after = np.arange(kind.size) % 4 == 0
    kinds, _ = Kinds.count(kind, np.zeros(kind.size, dtype=np.int64), after)
    drawn = np.concatenate(list(kinds.relabelled(400, np.random.default_rng(0))))
    assert (drawn.sum(axis=1) == after.sum()).all()
    assert (drawn <= kinds.total).all()
    assert drawn[:, 3_000:].mean() == pytest.approx(0.25, abs=0.003)
    assert drawn[:, 3_000:].var(axis=0).mean() == pytest.approx(0.25 * 0.75, abs=0.003)


@pytest.mark.parametrize("labels", [0, 2, 3, 6])
def test_every_way_to_deal_labels_is_equally_likely(labels):
    """Six single cases: the shares of all the ways to label some of them, beside their chance error."""
    kinds = Kinds(np.zeros(6, dtype=np.int64), np.ones(6, dtype=np.int64), np.arange(6) < labels)
    drawn = np.concatenate(list(kinds.relabelled(30_000, np.random.default_rng(4))))
    assert (drawn.sum(axis=1) == labels).all()
    ways = comb(6, labels)
    found = np.bincount(drawn @ 2 ** np.arange(6), minlength=64)
    assert np.count_nonzero(found) == ways
    assert found[found > 0] == pytest.approx(30_000 / ways, abs=5 * np.sqrt(30_000 / ways))


def test_totals_are_standardised_within_strata():
    """Beside the definition: each value less the mean of its stratum, over the hypergeometric deviation."""
    rng = np.random.default_rng(5)
    stratum, value, after = rng.integers(0, 3, 400), rng.integers(0, 90_000, 400), rng.random(400) < 0.4
    kinds, kind = Kinds.count(value, stratum, after)
    found = permutation.null_of_totals(kinds, csr_array(kind[:, None], dtype=np.int32), 3_000, rng)
    total = variance = 0.0
    for part in (stratum == place for place in range(3)):
        n, m = part.sum(), (part & after).sum()
        total += (value[part & after] - value[part].mean()).sum()
        variance += m * (n - m) / n * value[part].var(ddof=1)
    assert found.observed[0] == pytest.approx(total / np.sqrt(variance))
    assert found.null.mean() == pytest.approx(0, abs=0.1)
    assert found.null.std() == pytest.approx(1, abs=0.05)


def test_step_down_maximum():
    rng = np.random.default_rng(2)
    null = Null(np.array([4.0, -2.2, 1.0, 0.0]), rng.normal(size=(999, 4)))
    found = permutation.max_statistic(null)
    size, largest = np.abs(null.null), 0.0
    for place in range(4):  # the observed ones are in falling order already
        p = (1 + (size[:, place:].max(axis=1) >= abs(null.observed[place])).sum()) / 1_000
        largest = max(largest, p)
        assert found[place] == pytest.approx(largest)
    assert (found >= null.p).all()


def test_benjamini_and_hochberg_and_holm():
    """Benjamini and Hochberg (1995), section 4: four rejected by their procedure, three by familywise control."""
    p = np.array(
        [
            0.0001,
            0.0004,
            0.0019,
            0.0095,
            0.0201,
            0.0278,
            0.0298,
            0.0344,
            0.0459,
            0.324,
            0.4262,
            0.5719,
            0.6528,
            0.759,
            1,
        ]
    )
    shuffled = np.random.default_rng(0).permutation(15)
    assert (permutation.benjamini_hochberg(p[shuffled])[np.argsort(shuffled)] <= 0.05).sum() == 4
    assert (permutation.holm(p) <= 0.05).sum() == 3


def test_features_of_two_paths():
    paths = ((0, 1, 1, 2), (0, 2, 1, 2))
    found = features_of(Steps.lay(paths), np.array([60, 40]), None, None)
    carriers = dict(zip(found.features, found.carried.toarray().T.astype(bool).tolist(), strict=True))
    assert carriers == {
        Feature("step", (0, 1)): [True, False],
        Feature("step", (0, 2)): [False, True],
        Feature("step", (2, 1)): [False, True],
        Feature("again-later", (2,)): [False, True],
        Feature("again-at-once", (1,)): [True, False],
        Feature("variant", paths[0]): [True, False],
        Feature("variant", paths[1]): [False, True],
    }
    # In every case: three activities, and 1 followed by 2.
    assert found.left_out == 4


def test_handovers_need_two_known_teams():
    teams = Steps.lay(((0, 0, 1, -1, 0), (0, -1, -1, 1, 1)))
    path, giver, taker = (part.tolist() for part in teams.handovers())
    assert (path, giver, taker) == ([0], [0], [1])


def test_too_rare_features_are_left_out():
    steps = Steps.lay(((0, 1), (0, 2)))
    assert features_of(steps, np.array([1_000, 9]), None, None).features == ()
    assert len(features_of(steps, np.array([1_000, 10]), None, None).features) == 6


def distance(paths, path, after, permutations=99):
    path = np.array(path)
    stratum = np.zeros(path.size, dtype=np.int64)
    return path_distance(
        path, paths, stratum, np.array(after, dtype=bool), permutations=permutations, rng=np.random.default_rng(0)
    )


def test_distance_of_two_mixes_by_hand():
    """Half of the cases go from A B C to A C: one of three letters, so 1/3 for half of the mass."""
    paths = ((0, 1, 2), (0, 2))
    found = distance(paths, [0] * 20 + [0] * 10 + [1] * 10, [0] * 20 + [1] * 20)
    assert found.value == pytest.approx(1 / 6)
    assert found.p == pytest.approx(0.01)
    same = distance(paths, [0, 1] * 20, [0] * 20 + [1] * 20)
    assert same.value == pytest.approx(0)
    assert same.p == 1
    assert same.expected > 0


def test_rare_variants_count_as_the_most_similar_common_one():
    """250 variants: the fifty rarest are a common one with one more step."""
    common = [(0, 1 + i) for i in range(200)]
    rare = [(0, 1 + i, 0) for i in range(50)]
    path = np.r_[np.repeat(np.arange(200), 4), np.arange(200, 250)]
    found = distance((*common, *rare), path, np.arange(path.size) % 2, permutations=5)
    assert found.variants == 200
    assert found.merged == pytest.approx(50 / 850)
