"""A sheet is previewed, then written just as it was shown, all of it or nothing."""

import io
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from engine import clock
from engine.actor import Actor
from engine.clock import OFFICE
from engine.commands.enter_money import EnterMoney
from engine.commands.import_rows import ImportRows
from engine.commands.put_register_row import PutRegisterRow
from engine.db.models import command, contract, customer, ledger_posting, person, submission
from engine.errors import Forbidden, SheetChanged, SheetWrong
from engine.executor import Engine
from engine.registers import crews
from engine.sheets.changes import Preview, preview
from engine.sheets.contents import Words, contents
from engine.sheets.layout import SHEETS
from engine.sheets.reading import Line, read
from engine.sheets.writing import write
from engine.stories import company
from tests.engine.sheets.conftest import Sheetful

ADMIN = company.OPERATOR
STAFF = Actor(key="person:2", principals=frozenset({"person:2"}), roles=frozenset())


def previewed(engine: Engine, register: str, content: bytes) -> tuple[list[Line], Preview]:
    lines, problems = read(content, SHEETS[register])
    assert problems == []
    with engine.read() as connection:
        return lines, preview(connection, SHEETS[register], lines, clock.now().astimezone(OFFICE).date())


def brought_in(engine: Engine, register: str, content: bytes) -> Preview:
    lines, seen = previewed(engine, register, content)
    engine.execute(ImportRows(register=register, lines=lines, shown=seen.digest), ADMIN)
    return seen


def exported(engine: Engine, register: str, english: bool = False) -> bytes:
    sheet = SHEETS[register]
    with engine.read() as connection:
        return write(sheet, contents(connection, sheet), Words(connection), english=english)


def codes(seen: Preview) -> list[tuple[str, int, str]]:
    return [(one.code, one.line, one.column) for one in seen.problems]


@pytest.mark.parametrize("english", [False, True])
def test_what_was_written_out_changes_nothing_when_it_comes_back(founded: Engine, english: bool) -> None:
    with founded.read() as connection:
        counts = {name: len(list(contents(connection, sheet))) for name, sheet in SHEETS.items() if sheet.taken}
    assert {"customer", "site", "contract", "contract_change", "crew", "person"} <= {
        one for one in counts if counts[one]
    }

    for register in filter(counts.get, counts):
        _, seen = previewed(founded, register, exported(founded, register, english))

        if register == "ledger":  # an entry stands as it is
            assert {one.code for one in seen.problems} <= {"sheet.entry_stands"}
        else:
            assert (list(seen.changes), list(seen.problems), seen.unchanged) == ([], [], counts[register])


def test_new_and_changed_rows_are_shown_and_then_written_in_one_command(founded: Engine, book: Sheetful) -> None:
    rows = (["K-001", "林婉清", "13900000001"], [None, "新客户", "13900000002"])
    lines, seen = previewed(founded, "customer", book(["编号", "姓名", "电话"], *rows))

    assert [(one.key, one.before is None, set(one.after)) for one in seen.changes] == [
        ("K-001", False, {"phone"}),
        (None, True, {"name", "phone"}),
    ]

    done = founded.execute(ImportRows(register="customer", lines=lines, shown=seen.digest), ADMIN)

    with founded.read() as connection:
        phones = dict(connection.execute(sa.select(customer.c.name, customer.c.phone)).all())
        logged = connection.execute(
            sa.select(command).where(command.c.stream == "registers", command.c.seq == done.seq)
        )
        body = str(logged.mappings().one()["body"])
        texts = sa.select(submission.c["values"]).where(
            submission.c.stream == "registers", submission.c.seq == done.seq
        )
        assert "13900000002" in str(connection.scalar(texts))
    assert (phones["林婉清"], phones["新客户"]) == ("13900000001", "13900000002")
    assert "新客户" not in body and "1390000" not in body


def test_nothing_is_written_while_one_row_is_wrong(founded: Engine, book: Sheetful) -> None:
    header = ["编号", "工地编号", "类别", "合同额（元）"]
    content = book(header, [None, "S-001", "施工", 1000], [None, "S-999", "施工", 1000], [None, "S-001", "施工", -5])
    lines, seen = previewed(founded, "contract", content)

    assert codes(seen) == [("sheet.reference", 3, "B"), ("sheet.absurd", 4, "D")]
    with founded.read() as connection:
        before = connection.scalar(sa.select(sa.func.count()).select_from(contract))
    with pytest.raises(SheetWrong):
        founded.execute(ImportRows(register="contract", lines=lines, shown=seen.digest), ADMIN)
    with founded.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(contract)) == before


def test_a_register_that_has_changed_since_the_preview_is_left_alone(founded: Engine, book: Sheetful) -> None:
    lines, seen = previewed(founded, "customer", book(["编号", "姓名", "备注"], ["K-001", "林婉清", "老客户"]))
    founded.execute(PutRegisterRow(register="customer", key="K-001", values={"note": "别的"}), ADMIN)

    with pytest.raises(SheetChanged):
        founded.execute(ImportRows(register="customer", lines=lines, shown=seen.digest), ADMIN)
    with founded.read() as connection:
        assert connection.scalar(sa.select(customer.c.note).where(customer.c.key == "K-001")) == "别的"


def test_only_an_administrator_brings_rows_in(founded: Engine, book: Sheetful) -> None:
    lines, seen = previewed(founded, "customer", book(["编号", "姓名"], [None, "某某"]))

    with pytest.raises(Forbidden):
        founded.execute(ImportRows(register="customer", lines=lines, shown=seen.digest), STAFF)


def test_people_come_in_with_their_groups_and_no_password(founded: Engine, book: Sheetful) -> None:
    header = ["编号", "登录名", "姓名", "小组（编号，逗号分隔）", "在职"]
    brought_in(founded, "person", book(header, [None, "xin_ren", "新人", "foreman，engineering_dept", "是"]))

    with founded.read() as connection:
        row = connection.execute(sa.select(person).where(person.c.username == "xin_ren")).one()
    assert (row.name, row.active, row.password_hash, row.roles) == ("新人", True, None, [])
    assert "xin_ren" in company.actors(founded)


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ([None, "chen_siyu", "别人", "", None], "sheet.taken", "B"),
        ([None, "x_1", "某人", "no_such_group", None], "sheet.reference", "D"),
        (["999", "x_1", "某人", "", None], "sheet.key_unknown", ""),
    ],
)
def test_a_person_that_can_not_be_is_named(
    founded: Engine, book: Sheetful, row: list[Any], code: str, column: str
) -> None:
    content = book(["编号", "登录名", "姓名", "小组（编号，逗号分隔）", "在职"], row)

    assert codes(previewed(founded, "person", content)[1]) == [(code, 2, column)]


LEDGER = ["凭证号", "日期", "施工队", "类别", "金额（元）"]


def test_a_deposit_goes_into_the_retention_and_balances(founded: Engine, book: Sheetful) -> None:
    with founded.read() as connection:
        before = crews.retention(connection, "crew_tie_zhu")
    brought_in(founded, "ledger", book(LEDGER, [None, "2025-01-10", "crew_tie_zhu", "缴存", "5000.25"]))

    with founded.read() as connection:
        assert str(crews.retention(connection, "crew_tie_zhu") - before) == "5000.25"
        assert connection.scalar(sa.select(sa.func.sum(ledger_posting.c.amount))) == 0


def test_what_cases_took_from_a_retention_is_called_by_its_name_and_stays_as_it_is(founded: Engine) -> None:
    taken = EnterMoney(
        purpose="repair_cost", payer="retention:crew_tie_zhu", receiver="company:repairs", amount="455.00"
    )
    founded.execute(taken, ADMIN)

    written = exported(founded, "ledger")
    _, seen = previewed(founded, "ledger", written)

    assert "维修费用" in str(list(load_workbook(io.BytesIO(written)).worksheets[0].values))
    assert (list(seen.changes), seen.problems) == ([], [])


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ([None, "2025-01-10", "crew_tie_zhu", "缴存", "-1"], "sheet.absurd", "E"),
        ([None, "2025-01-10", "crew_tie_zhu", "缴存", "100000000.01"], "sheet.absurd", "E"),
        ([None, "2099-01-10", "crew_tie_zhu", "缴存", "1"], "sheet.in_future", "B"),
        ([None, "2025-01-10", "crew_nobody", "缴存", "1"], "sheet.reference", "C"),
        ([None, "2025-01-10", "crew_tie_zhu", "退还", "99999999"], "sheet.more_than_there", "E"),
        (["7", "2025-01-10", "crew_tie_zhu", "缴存", "1"], "sheet.key_unknown", ""),
        ([None, "2025-01-10", "crew_tie_zhu", "维修费用", "1"], "sheet.choice", "D"),
    ],
)
def test_a_posting_that_can_not_be_is_named(
    founded: Engine, book: Sheetful, row: list[Any], code: str, column: str
) -> None:
    assert (code, 2, column) in codes(previewed(founded, "ledger", book(LEDGER, row))[1])


def test_a_name_that_begins_like_a_formula_stays_a_name(founded: Engine) -> None:
    founded.execute(PutRegisterRow(register="customer", key="K-X", values={"name": "=1+1"}, new=True), ADMIN)

    _, seen = previewed(founded, "customer", exported(founded, "customer"))

    assert list(seen.changes) == []
