"""The auditor's lists: what is found, what goes out, and to whom."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from lxml import etree
from openpyxl import load_workbook

from engine import clock, worker
from engine.actor import Actor
from engine.commands.cancel_instance import CancelInstance
from engine.db.models import customer
from engine.errors import Forbidden
from engine.queries import case_search
from engine.queries.case_search import Wanted
from tests.web import stage
from tests.web.conftest import Office

EARLY, YESTERDAY = stage.NOW - timedelta(days=3), stage.NOW - timedelta(days=1)


def auditor(office: Office) -> str:
    return next(login for login, actor in office.people.items() if "auditor" in actor.roles)


def manager(office: Office) -> Actor:
    return next(actor for actor in office.people.values() if "group:service_manager" in actor.principals)


def found(office: Office, **wanted: Any) -> list[str]:
    with office.engine.read() as connection:
        rows = case_search.search(connection, office.people[auditor(office)], Wanted(**wanted), size=100)
    return [row["id"] for row in rows]


def two_cases(office: Office) -> tuple[str, str]:
    """One that was transferred and left lying, and one of a known customer that was cancelled."""
    late = stage.start(office.engine, office.people, EARLY)
    stage.go(office.engine, office.people, late, "transfer", EARLY)
    worker.run_until(office.engine, stage.NOW)
    cancelled = stage.start(office.engine, office.people, customer_record="K-001", reason="=1+1")
    with clock.hold(stage.NOW):
        office.engine.execute(CancelInstance(case_id=cancelled, reason="重复"), manager(office))
    return late, cancelled


def test_cases_are_found_by_each_field(office_of_both: Office):
    office = office_of_both
    late, cancelled = two_cases(office)
    with office.engine.read() as connection:
        rows = case_search.search(connection, office.people[auditor(office)], Wanted(), size=100)
        (deadline, *_) = case_search.deadlines(connection)
        phone = connection.scalars(sa.select(customer.c.phone).where(customer.c.key == "K-001")).one()
    complaints = [row for row in rows if row["procedure"] == "complaint-handling"]
    number = next(row["business_key"] for row in rows if row["id"] == late)

    assert [row["id"] for row in complaints] == [cancelled, late]
    assert found(office, text=number) == [late]
    assert found(office, procedure="complaint-handling") == [cancelled, late]
    assert found(office, procedure="none") == []
    assert found(office, statuses=("cancelled",)) == [cancelled]
    assert cancelled in found(office, since=YESTERDAY) and late not in found(office, since=YESTERDAY)
    assert late in found(office, until=YESTERDAY) and cancelled not in found(office, until=YESTERDAY)
    assert late in found(office, missed="any") and late not in found(office, missed="none")
    assert cancelled in found(office, missed="none") and cancelled not in found(office, missed="any")
    assert set(found(office, missed=deadline)) <= set(found(office, missed="any"))
    assert found(office, missed="T-no") == []
    assert cancelled in found(office, person="chen_siyu", procedure="complaint-handling")
    assert found(office, person="nobody") == []
    assert found(office, customer="K-001") == found(office, customer="林婉") == [cancelled]
    assert found(office, customer=phone.replace("-", " ")) == [cancelled]
    assert found(office, customer="无此人") == []


def test_a_long_list_goes_on_where_it_stopped(office: Office):
    ids = [stage.start(office.engine, office.people) for _ in range(35)]
    client = office.visit(auditor(office))

    first = client.get("/audit/cases?customer=").text
    following = next(part.split('"')[0] for part in first.split('href="') if "after=" in part.split('"')[0])
    second = client.get(following.replace("&amp;", "&")).text

    on_first, on_second = ({one for one in ids if one in page} for page in (first, second))
    assert (len(on_first), len(on_second)) == (30, 5) and on_first | on_second == set(ids)


def test_the_list_goes_out_to_csv_and_excel_without_a_formula(office: Office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(case_search, "AT_ONCE", 1)
    two_cases(office)
    with office.engine.store.write() as connection:
        connection.execute(sa.text("UPDATE instance SET subject = '=1+1'"))
        connection.commit()
    client, wanted = office.visit(auditor(office)), "?procedure=complaint-handling&status=cancelled"

    lines = list(csv.reader(io.StringIO(client.get(f"/audit/cases.csv{wanted}").data.decode("utf-8-sig"), newline="")))
    everything = client.get("/audit/cases.csv").data.decode("utf-8-sig").splitlines()
    page = load_workbook(io.BytesIO(client.get(f"/audit/cases.xlsx{wanted}").data)).active

    assert len(lines) == 2 and lines[1][3] == "'=1+1"
    assert len(everything) - 1 == len(found(office)) == 2
    assert [[cell.value for cell in row][:1] for row in page.iter_rows()] == [[line[0]] for line in lines]
    assert (page["D2"].value, page["D2"].data_type) == ("=1+1", "s")


@pytest.mark.parametrize("form", ["xes", "csv", "jsonl"])
def test_the_record_goes_out_of_one_case_or_of_a_period(office: Office, form: str):
    _late, cancelled = two_cases(office)
    client = office.visit(auditor(office))

    one = client.get(f"/audit/export/file?format={form}&case={cancelled}")
    period = client.get(f"/audit/export/file?format={form}&since=2026-11-16&until=2026-11-16")
    nothing = client.get(f"/audit/export/file?format={form}&since=2020-01-01&until=2020-01-02")

    assert all(
        answer.status_code == 200 and f".{form}" in answer.headers["Content-Disposition"] for answer in (one, period)
    )
    assert "cancel_instance" in one.text and "cancel_instance" not in period.text
    assert "complete_task" in period.text and "complete_task" not in nothing.text
    if form == "xes":
        assert etree.fromstring(one.data)[-1].tag.endswith("trace") and len(etree.fromstring(nothing.data)) == 10


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("format=xes&case=TS-1999-0001", 404, "没有这个编号的案件"),
        ("format=xes&case=TS-1999-0001&since=2026-01-01", 400, "只填一种"),
        ("format=doc", 400, ""),
        ("", 400, ""),
        ("format=xes&since=tomorrow", 400, ""),
        ("format=xes&case=%00", 200, ""),
    ],
)
def test_an_export_that_makes_no_sense_is_refused(office: Office, query: str, status: int, said: str):
    answer = office.visit(auditor(office)).get(f"/audit/export/file?{query}")

    assert answer.status_code == status and said in answer.text


@pytest.mark.parametrize("query", ["since=0001-01-01", "until=9999-12-31", "since=x", "after=x"])
def test_a_day_that_is_none_is_refused(office: Office, query: str):
    assert office.visit(auditor(office)).get(f"/audit/cases?{query}").status_code == 400


def test_staff_neither_find_nor_export(office: Office):
    case = stage.start(office.engine, office.people)
    staff = office.visit("chen_siyu")

    for address in ("cases", "cases.csv", "cases.xlsx", "export", f"export/file?format=csv&case={case}"):
        assert staff.get(f"/audit/{address}").status_code == 403
    assert "/audit/" not in staff.get("/").text
    with office.engine.read() as connection, pytest.raises(Forbidden):
        case_search.search(connection, office.people["chen_siyu"], Wanted(), size=1)


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ({"customer": "K-001"}, "USING PRIMARY KEY (register=? AND key=?)"),
        ({"person": "chen_siyu"}, "USING PRIMARY KEY (principal=?)"),
        ({"since": YESTERDAY}, "ix_instance_started_at (started_at>?"),
        ({"missed": "any"}, "ix_breach_case_id"),
    ],
)
def test_a_search_reads_no_table_from_end_to_end(office: Office, wanted: dict[str, Any], index: str):
    two_cases(office)
    plans: list[str] = []

    with office.engine.read() as connection:

        def explain(opened: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: Any) -> None:
            if "deployment.title" in statement and not statement.startswith("EXPLAIN"):
                rows = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
                plans.append("\n".join(str(row[3]) for row in rows))

        sa.event.listen(connection, "before_cursor_execute", explain)
        case_search.search(connection, office.people[auditor(office)], Wanted(**wanted), size=30)

    assert index in plans[0]
    assert "SCAN concern" not in plans[0] and "SCAN party" not in plans[0] and "SCAN breach" not in plans[0]
