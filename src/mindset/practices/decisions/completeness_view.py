"""The finding of `decisions.completeness`: which written records lack what the law asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from mindset.analysis.finding import Chart, Finding, Heading, Measure, TableView
from mindset.analysis.statistics.proportions import wilson
from mindset.analysis.text import N_, Text
from mindset.practices.decisions.method.records import Checked
from mindset.practices.decisions.method.statutory import ITEM_TITLES, Item, Law, Verdict
from mindset.practices.decisions.words import packed

LAW_LABELS: Final = {
    Law.NONE: N_("No regulation asks for a record"),
    Law.EXECUTIVE: N_("Executive decision (SI 2012/2089)"),
    Law.OFFICER_EXPRESS: N_("Officer’s decision under express authorisation (SI 2014/2095)"),
    Law.OFFICER_GENERAL: N_("Officer’s decision under general authorisation (SI 2014/2095)"),
}
VERDICT_LABELS: Final = {
    Verdict.COMPLETE: N_("Complete"),
    Verdict.INCOMPLETE: N_("Incomplete"),
    Verdict.NOT_REQUIRED: N_("Not required"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVerdict:
    """One record: the regulation that applies, the verdict, and the codes of what is missing."""

    reference: str
    law: str
    verdict: str
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Completeness(Finding):
    """The verdict on every record, in the order of the file, and how often each item is missing."""

    complete: int
    incomplete: int
    not_required: int
    missing: dict[str, int]
    records: tuple[RecordVerdict, ...]


def present(records: Sequence[Checked]) -> Completeness:
    """The finding for the ``records`` that were checked."""
    verdicts = Counter(item.completeness.verdict for item in records)
    missing = Counter(item for record in records for item in record.completeness.missing)
    complete, required = verdicts[Verdict.COMPLETE], len(records) - verdicts[Verdict.NOT_REQUIRED]
    return Completeness(
        headline=_headline(complete, required, len(records)),
        measures=tuple(_measures(complete, required, len(records))),
        charts=tuple(_charts(missing)),
        tables=(_table(records),),
        caveats=(
            Text(
                N_(
                    "This is our reading of SI 2012/2089, regulations 12 and 13, and SI 2014/2095, regulation 7, and "
                    "not legal advice. Blank text is no record, and what is absent is not the same as “none”."
                )
            ),
        ),
        complete=complete,
        incomplete=verdicts[Verdict.INCOMPLETE],
        not_required=verdicts[Verdict.NOT_REQUIRED],
        missing={item.value: missing[item] for item in Item},
        records=tuple(
            RecordVerdict(
                reference=record.reference,
                law=record.law.value,
                verdict=record.completeness.verdict.value,
                missing=tuple(item.value for item in record.completeness.missing),
            )
            for record in records
        ),
    )


def _headline(complete: int, required: int, records: int) -> Text:
    if not required:
        return Text.of(N_("No regulation asks for any of the {records} records."), records=records)
    return Text.of(
        N_("{complete} of the {required} records that the law asks for are complete."),
        complete=complete,
        required=required,
    )


def _measures(complete: int, required: int, records: int) -> Iterator[Measure]:
    yield Measure(name="records", label=Text(N_("Records")), value=records, unit="count")
    yield Measure(name="required", label=Text(N_("Records that the law asks for")), value=required, unit="count")
    if required:
        low, high = wilson(complete, required)
        yield Measure(
            name="complete",
            label=Text(N_("Complete among them")),
            value=complete / required,
            low=low,
            high=high,
            unit="share",
            n=required,
        )


def _charts(missing: Counter[Item]) -> Iterator[Chart]:
    order = list(Item)
    lacking = sorted(missing.items(), key=lambda pair: (-pair[1], order.index(pair[0])))
    if not lacking:
        return
    labels = {item: Text(ITEM_TITLES[item]) for item, _ in lacking}
    yield Chart(
        kind="decisions/missing",
        title=Text.of(N_("Missing most often: {what}"), what=labels[lacking[0][0]]),
        subtitle=Text(N_("Records in which each item is missing")),
        alternative=Text.of(
            N_("Bars. {rows}."),
            rows=[Text.of(N_("{what}: {count}"), what=labels[item], count=count) for item, count in lacking],
        ),
        data={"missing": [{"item": packed(labels[item]), "count": count} for item, count in lacking]},
        table="records",
    )


def _table(records: Sequence[Checked]) -> TableView:
    return TableView(
        name="records",
        title=Text(N_("Every record")),
        headings=(
            Heading(label=Text(N_("Reference"))),
            Heading(label=Text(N_("What asks for it"))),
            Heading(label=Text(N_("Verdict"))),
            Heading(label=Text(N_("What to do"))),
        ),
        rows=tuple(
            (
                record.reference,
                Text(LAW_LABELS[record.law]),
                Text(VERDICT_LABELS[record.completeness.verdict]),
                _joined(record.completeness.sentences),
            )
            for record in records
        ),
    )


def _joined(sentences: Sequence[Text]) -> Text:
    """Sentences one after another as one text."""
    names = [f"s{place}" for place in range(len(sentences))]
    return Text(" ".join(f"{{{name}}}" for name in names), dict(zip(names, sentences, strict=True)))
