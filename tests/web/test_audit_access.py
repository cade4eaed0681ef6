"""查阅记录: what people open is on record, found again, and costs no page a statement."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from engine import clock
from engine.db.models import access, instance
from engine.errors import Forbidden
from engine.exports import events
from engine.queries import accesses
from engine.queries.accesses import Wanted
from tests.web import stage
from tests.web.conftest import Office
from tests.web.test_audit_proof import auditor
from tests.web.test_economy import statements

NO_READING = {  # pages that a case's id leads to, but that show nothing of it by themselves
    "cases.diagram": "the drawing of a page that is noted itself",
}


def noted(office: Office, *names: str, kind: str | None = None) -> list[tuple[Any, ...]]:
    office.engine.access.flush()
    rows = sa.select(*(access.c[name] for name in names)).order_by(access.c.seq)
    with office.engine.read() as connection:
        return [tuple(row) for row in connection.execute(rows.where(access.c.kind == kind) if kind else rows)]


def log(office: Office, query: str = "") -> str:
    client = office.visit(auditor(office))
    return client.get(f"/audit/access{query}", headers={"Accept-Language": "zh-CN"}).get_data(as_text=True)


def number_of(office: Office, case: str) -> str:
    with office.engine.read() as connection:
        return str(connection.scalar(sa.select(instance.c.business_key).where(instance.c.id == case)))


def test_what_somebody_opens_is_on_record(office_of_both: Office) -> None:
    office = office_of_both
    case = stage.start(office.engine, office.people)
    task, siyu = stage.open_task(office.engine, case), office.people["chen_siyu"].key
    staff, room = office.visit("chen_siyu"), office.visit(auditor(office))

    for address in (f"/cases/{case}", f"/tasks/{task}", "/customers/K-001", "/registers/sites/S-001"):
        assert staff.get(address).status_code == 200
    for address in (f"/audit/replay/{case}", f"/audit/proof/{case}"):
        assert room.get(address).status_code == 200

    found = noted(office, "actor", "kind", "case_id", "subject")
    assert [row for row in found if row[0] == siyu] == [
        (siyu, "login", None, None),
        (siyu, "case", case, None),
        (siyu, "task", case, task),
        (siyu, "customer", None, "customer:K-001"),
        (siyu, "register", None, "site:S-001"),
    ]
    assert [row[1:3] for row in found if row[0] == office.people[auditor(office)].key] == [
        *(("login", None), ("replay", case), ("proof", case))
    ]


def test_every_page_that_an_id_of_a_case_leads_to_is_noted(office: Office) -> None:
    case = stage.start(office.engine, office.people)
    filled = {"case_id": case, "task_id": stage.open_task(office.engine, case)}
    client = office.visit("chen_siyu")
    room = office.visit(auditor(office))
    noted(office, "seq")

    unnoted = []
    for rule in office.app.url_map.iter_rules():
        if not rule.arguments or not rule.arguments <= set(filled) or "GET" not in rule.methods:
            continue
        with office.app.test_request_context():
            address = office.app.url_map.bind("localhost").build(rule.endpoint, {n: filled[n] for n in rule.arguments})
        before = len(noted(office, "seq"))
        statuses = {one.get(address).status_code for one in (client, room)}
        assert 200 in statuses, address
        if len(noted(office, "seq")) == before and rule.endpoint not in NO_READING:
            unnoted.append(rule.endpoint)

    assert unnoted == []


def test_a_page_costs_no_statement_for_it(office: Office) -> None:
    case = stage.start(office.engine, office.people)
    client = office.visit("chen_siyu")

    with statements(office) as sent:
        assert client.get(f"/cases/{case}").status_code == 200

    assert [one for one in sent if "access" in one.split()] == []
    assert noted(office, "case_id", kind="case") == [(case,)]


def test_log_ins_are_on_record_without_what_was_typed(office: Office) -> None:
    client, siyu = office.visit(), office.people["chen_siyu"].key
    for username, password in (("chen_siyu", "wrong"), ("correct horse", "chen_siyu"), ("chen_siyu", stage.PASSWORD)):
        client.post("/login", data={"username": username, "password": password})
    client.post("/logout")

    rows = noted(office, "actor", "kind", "code", "client")
    assert sorted((kind, code) for actor, kind, code, _ in rows if actor == siyu) == [
        *(("login", None), ("login_refused", "login.refused"), ("logout", None))
    ]
    assert {client for *_, client in rows} == {"127.0.0.1"}
    stranger = next(actor for actor, *_ in rows if actor.startswith("unknown:"))
    assert len(stranger) == len("unknown:") + 16
    with office.engine.read() as connection:
        everything = str(connection.execute(sa.select(access)).all())
    assert "correct horse" not in everything and "wrong" not in everything
    page = log(office, "?kind=failed")
    assert page.count("登录失败") >= 2 and "没有这个登录名" in page and stage.PASSWORD not in page


def test_a_locked_log_in_is_on_record_and_does_not_lock_for_longer(office: Office) -> None:
    client = office.visit()
    for _ in range(8):
        client.post("/login", data={"username": "chen_siyu", "password": "wrong"})

    codes = [code for (code,) in noted(office, "code", kind="login_refused")]
    assert (codes.count("login.refused"), codes.count("login.throttled")) == (5, 3)
    with clock.hold(stage.NOW + timedelta(minutes=16)):
        answer = client.post("/login", data={"username": "chen_siyu", "password": stage.PASSWORD})
    assert answer.status_code == 303


def test_what_was_refused_is_a_row_once(office: Office) -> None:
    case = stage.start(office.engine, office.people)
    outsider, key = office.visit("tang_yi"), office.people["tang_yi"].key

    outsider.get(f"/cases/{case}")
    outsider.get("/audit/access")
    outsider.post("/audit/proof/run")
    outsider.post(f"/cases/{case}/comment", data={"text": "x"})
    outsider.get("/no-such-page")

    rows = noted(office, "actor", "case_id", "subject", "code", "about", kind="refused")
    assert all(row[0] == key for row in rows)
    assert [row[1:4] for row in rows if row[4] is None] == [
        (case, f"GET /cases/{case}", "request.not_found"),
        (None, "GET /audit/access", "access.forbidden"),
        (None, "POST /audit/proof/run", "access.forbidden"),
    ]
    assert [row[4] for row in rows if row[4]] == [{"command": "comment"}]


def test_a_number_that_was_shown_is_on_record_without_the_number(office: Office) -> None:
    office.visit("lin_xiaomei").post("/customers/K-001/number")

    assert noted(office, "actor", "subject", kind="number") == [(office.people["lin_xiaomei"].key, "customer:K-001")]
    assert "显示号码" in log(office, "?kind=numbers")


def test_exports_are_on_record_with_format_selection_and_rows(office: Office) -> None:
    case = stage.start(office.engine, office.people)
    client, number = office.visit(auditor(office)), number_of(office, case)

    csv_rows = client.get("/audit/cases.csv?procedure=complaint-handling&q=林婉清&customer=&since=2026-11-01").text
    assert client.get("/audit/cases.xlsx?q=000-1000-0001").data
    events_sent = client.get(f"/audit/export/file?format=xes&case={number}&names=1").text.count("<event>")
    assert client.get("/audit/export/file?format=jsonl").data
    client.get("/audit/export/file?format=xes&case=XX-1")
    client.get("/registers/sites/export.xlsx")

    rows = noted(office, "case_id", "subject", "about", kind="export")
    everything = rows[3][2]["rows"]
    assert rows == [
        (
            None,
            "cases",
            {
                "format": "csv",
                "rows": len(csv_rows.splitlines()) - 1,
                "selection": {"q": True, "procedure": "complaint-handling", "since": "2026-11-01"},
            },
        ),
        (None, "cases", {"format": "xlsx", "rows": 0, "selection": {"q": True}}),
        (case, "events", {"format": "xes", "rows": events_sent, "selection": {"names": "yes"}}),
        (None, "events", {"format": "jsonl", "rows": everything, "selection": {}}),
        (None, "register:site", {"format": "xlsx", "rows": rows[4][2]["rows"]}),
    ]
    assert csv_rows.count("\n") > 1 and events_sent > 0 and everything > 10 and rows[4][2]["rows"] > 0
    page = log(office, "?kind=taken")
    assert "导出" in page and "林婉清" not in page and f"{everything} 行，JSONL" in page


def test_an_export_that_is_broken_off_is_on_record_as_far_as_it_went(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        stage.start(office.engine, office.people)
    monkeypatch.setattr(events, "AT_ONCE", 1)
    answer = office.visit(auditor(office)).get("/audit/export/file?format=jsonl", buffered=False)
    next(answer.iter_encoded())

    answer.close()

    [(about,)] = noted(office, "about", kind="export")
    assert about["cut"] is True and about["rows"] >= 1


def test_the_page_finds_by_person_case_kind_and_day(office_of_both: Office) -> None:
    office = office_of_both
    case, other = stage.start(office.engine, office.people), stage.start(office.engine, office.people)
    with clock.hold(stage.NOW - timedelta(days=2)):
        office.visit("chen_siyu").get(f"/cases/{case}")
    office.visit("lin_xiaomei").get(f"/cases/{other}")

    def cases(query: str) -> set[str]:
        page = log(office, query)
        return {one for one in (case, other) if f"/cases/{one}" in page}

    assert cases("") == {case, other}
    assert cases("?who=陈思") == cases("?who=chen_siyu") == {case}
    assert cases("?who=nobody") == cases("?kind=numbers") == cases("?case=XX-1") == set()
    assert cases(f"?case={number_of(office, other)}") == {other}
    assert cases("?kind=cases") == {case, other}
    assert cases("?until=2026-11-17") == {case} and cases("?since=2026-11-18") == {other}
    assert "没有找到" in log(office, "?who=nobody")


def test_a_long_log_goes_on_where_it_stopped(office: Office) -> None:
    for number in range(120):
        with clock.hold(stage.NOW - timedelta(minutes=number // 7)):
            office.engine.access.note("register", "person:1", subject=f"site:X-{number:03}")
    client = office.visit(auditor(office))

    seen, address, pages = [], "/audit/access?kind=registers", 0
    while address:
        page = client.get(address.replace("&amp;", "&")).text
        seen += [one for one in (f"X-{number:03}" for number in range(120)) if one in page]
        links = [part.split('"')[0] for part in page.split('href="')[1:]]
        address, pages = next((link for link in links if "after=" in link), ""), pages + 1

    assert pages == 3 and sorted(seen) == [f"X-{number:03}" for number in range(120)]


def test_the_list_goes_out_to_csv_and_excel_and_says_so_itself(office_of_both: Office) -> None:
    office = office_of_both
    case = stage.start(office.engine, office.people)
    office.visit("chen_siyu").get(f"/cases/{case}")
    client = office.visit(auditor(office))

    text = client.get("/audit/access/list.csv?kind=cases").data.decode("utf-8-sig")
    page = load_workbook(io.BytesIO(client.get("/audit/access/list.xlsx?kind=cases").data)).active

    lines = list(csv.reader(io.StringIO(text, newline="")))
    assert lines[1][2:5] == ["陈思雨", "查看案件", number_of(office, case)]
    assert [cell.value for cell in page[2]][:1] == lines[1][:1] and page.max_row == len(lines) == 2
    assert [row[0]["rows"] for row in noted(office, "about", kind="export")] == [1, 1]


@pytest.mark.parametrize("query", ["since=x", "after=x", "after=2026-11-19T06:20:00+00:00_x", "until=9999-12-31"])
def test_a_filter_that_is_none_is_refused(office: Office, query: str) -> None:
    assert office.visit(auditor(office)).get(f"/audit/access?{query}").status_code == 400


def test_staff_see_nothing_of_it(office: Office) -> None:
    staff = office.visit("chen_siyu")
    for address in ("", "/list.csv", "/list.xlsx"):
        assert staff.get(f"/audit/access{address}").status_code == 403
    assert "/audit/access" not in staff.get("/me").text
    with office.engine.read() as connection, pytest.raises(Forbidden):
        accesses.search(connection, office.people["chen_siyu"], Wanted(), size=1)


def test_the_page_is_reached_from_the_navigation_and_on_the_phone_from_ones_own_page(office: Office) -> None:
    me = office.visit(auditor(office)).get("/me").text

    assert me.count('href="/audit/access"') == 2


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (lambda case: {}, "ix_access_at"),
        (lambda case: {"since": stage.NOW - timedelta(days=1)}, "ix_access_at (at>?"),
        (lambda case: {"person": "chen_siyu"}, "ix_access_actor (actor=?"),
        (lambda case: {"case": case}, "ix_access_case_id (case_id=?"),
        (lambda case: {"kinds": ("refused",)}, "ix_access_kind (kind=?"),
    ],
)
def test_a_search_sorts_no_table(office: Office, wanted: Callable[[str], dict[str, Any]], index: str) -> None:
    number = number_of(office, stage.start(office.engine, office.people))
    plans: list[str] = []
    with office.engine.read() as connection:

        def explain(opened: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: Any) -> None:
            if "FROM access" in statement and not statement.startswith("EXPLAIN"):
                rows = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
                plans.append("\n".join(str(row[3]) for row in rows))

        sa.event.listen(connection, "before_cursor_execute", explain)
        after = (stage.NOW, 10)
        accesses.search(connection, office.people[auditor(office)], Wanted(**wanted(number)), after=after, size=50)

    assert index in plans[0] and "TEMP B-TREE" not in plans[0], plans
