"""Every real table at hand opens right: rows, sums to the penny, and the quirks its README names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from mindset.analysis.errors import InputError
from mindset.tables.model import Table
from mindset.tables.read import read


@pytest.fixture(scope="module")
def real(shared_data: Path) -> Iterator[Path]:
    yield shared_data / "real"


def columns(found: Table) -> dict[str, str]:
    return {field.name: str(field.type) for field in found.schema}


SPEND = ("gateshead/2019-05", "harrogate/2017-01", "manchester/2019-05", "manchester/2021-11", "salford/2019-05",
         "salford/2020-02", "salford/2021-11")  # fmt: skip


@pytest.mark.parametrize("name", SPEND)
def test_council_payments(real: Path, name: str) -> None:
    truth = json.loads((real / "council_spend" / "recomputed_truth.json").read_text())[f"{name}_source.csv"]
    found = read(real / "council_spend" / f"{name}_source.csv")
    table = found.to_arrow()
    said = {decision.what: str(decision.value) for decision in found.decisions}
    assert said["Encoding"] == truth["encoding"]
    assert table.num_rows == truth["data_rows"]
    assert table.column_names == [column or f"column_{number}" for number, column in enumerate(truth["header"], 1)]
    amounts = table[truth["amount_column"]]
    assert amounts.type == pa.float64()
    assert sum(Decimal(str(amount)) for amount in amounts.to_pylist()) == Decimal(str(truth["amount_sum"]))
    assert amounts.null_count == truth["amount_missing"]
    assert pc.sum(pc.less(amounts, 0)).as_py() == truth["negative_amounts"]
    (day,) = [name for name, kind in columns(found).items() if kind == "date32[day]"]
    assert [str(pc.min(table[day])), str(pc.max(table[day]))] == [truth["date_min"], truth["date_max"]]
    rows = [" ".join(filter(None, row)) for row in zip(*_texts(table), strict=True)]
    # The stored truth counts the letters, a supplier called Redactive among them.
    assert sum("redact" in row.casefold() for row in rows) == truth["rows_with_redacted"]
    counted = sum(
        int(str(d.value).rpartition(" ")[2].replace(",", "")) for d in found.decisions if d.what == "Redacted cells"
    )
    cells = [cell or "" for column in _texts(table) for cell in column]
    assert counted == sum(bool(re.search(r"\bredacted\b|\(masked\)", cell, re.IGNORECASE)) for cell in cells)


def _texts(table: pa.Table) -> list[list[str | None]]:
    return [column.to_pylist() for column in table.columns if column.type == pa.string()]


def test_the_trailing_point_of_salford_is_read_and_said(real: Path) -> None:
    found = read(real / "council_spend" / "salford" / "2019-05_source.csv")
    assert found.to_arrow()["Gross"][0].as_py() == 10298896.31
    assert [d.what for d in found.decisions if d.column == "Gross"] == ["Type", "Point after the decimals"]


TABLES = {
    "libraries_england_2023_24/computers.csv": 707,
    "libraries_england_2023_24/event_attendance.csv": 1_187,
    "libraries_england_2023_24/events.csv": 1_476,
    "libraries_england_2023_24/loans.csv": 5_791,
    "libraries_england_2023_24/ons_nearest_neighbours_upper_tier.csv": 153,
    "libraries_england_2023_24/services.csv": 84,
    "libraries_england_2023_24/users.csv": 155,
    "libraries_england_2023_24/visits.csv": 1_837,
    "libraries_england_2023_24/wifi.csv": 234,
    "uk_local_authorities/lookup_name_to_registry.csv": 1_774,
    "uk_local_authorities/uk_local_authorities_future.csv": 470,
    "uk_imd/uk_imd_e_by_lsoa.parquet": 42_619,
    "uk_imd/population_2019_by_lsoa_raw_strings.parquet": 42_620,
    "trafford/postcodes.parquet": 11_264,
    "trafford/bus_stops.csv": 1_025,
    "trafford/libraries.csv": 13,
    "trafford/pharmacies.csv": 57,
    "trafford/general_practices.csv": 26,
    "trafford/census2021_population_by_5_year_age_bands_lsoa.csv": 139 * 18,
    "trafford/lsoa_2021_super_generalised.geojson": 139,
    "chicago_311/sanitation_requests_2011_2014.parquet": 74_401,
    "ons_weekly_deaths/ons_mortality.parquet": 18_803,
    "us_gov_web_scans/all_sites_daily.parquet": 56_374,
    "catalogue_harvest/dcat_glasgow.json": 68,
    "catalogue_harvest/dcat_north_lanarkshire.json": 21,
    "catalogue_harvest/dcat_glasgow_expected.csv": 256,
    "catalogue_harvest/dcat_north_lanarkshire_expected.csv": 101,
}


@pytest.mark.parametrize("name", TABLES)
def test_every_other_table_opens_with_all_its_rows(real: Path, name: str) -> None:
    assert read(real / name).rows == TABLES[name]


def test_known_answers(real: Path) -> None:
    loans = read(real / "libraries_england_2023_24" / "loans.csv").to_arrow()
    assert pc.sum(loans["Count"]).as_py() == 67_324_337
    assert len(loans["Authority"].unique()) == 69
    ages = read(real / "trafford" / "census2021_population_by_5_year_age_bands_lsoa.csv").to_arrow()
    assert pc.sum(ages["value"]).as_py() == 235_044
    population = read(real / "uk_imd" / "population_2019_by_lsoa_raw_strings.parquet")
    assert columns(population)["pop"] == "int64"
    requests = read(real / "chicago_311" / "sanitation_requests_2011_2014.parquet").to_arrow()
    statuses = {row["values"]: row["counts"] for row in pc.value_counts(requests["status"]).to_pylist()}
    assert (statuses["Completed - Dup"], statuses["Open - Dup"]) == (3_509, 124)
    assert requests["completed"].null_count == 325
    assert requests["lat"].null_count == 24
    areas = read(real / "trafford" / "lsoa_2021_super_generalised.geojson").to_arrow()
    assert areas["properties.area_code"][0].as_py() == "E01006074"
    assert areas["geometry.coordinates"][0].as_py().startswith("[[[[-2.36896474832")
    authorities = read(real / "uk_local_authorities" / "uk_local_authorities_future.csv")
    assert columns(authorities)["end-date"] == "date32[day]"


def test_logs_and_bad_inputs(shared_data: Path) -> None:
    folder = shared_data / "processes-outcomes-forecasts"
    patients = read(folder / "patients.csv.gz").to_arrow()
    assert patients.num_rows == 5_442
    assert patients["timestamp"].type == pa.timestamp("us", "UTC")
    assert read(folder / "traffic_fines_10k.csv.gz").rows == 34_724
    volumes = read(folder / "transactions_services_test.csv").to_arrow()
    assert volumes["2012-Q4 Vol."][0].as_py() == 6_400_000
    assert read(folder / "bad_inputs" / "c01_missing_case_column.csv").schema.names == ["activity", "timestamp"]
    unsettled = read(folder / "bad_inputs" / "c05_ambiguous_dates.csv")
    assert columns(unsettled)["timestamp"] == "string"
    assert [note.code for note in unsettled.notes] == ["dates-unsettled"]
    assert columns(read(folder / "bad_inputs" / "c11_ties.csv"))["timestamp"] == "date32[day]"
    with pytest.raises(InputError) as caught:
        read(folder / "bad_inputs" / "expected.json")
    assert caught.value.code == "no-records"
