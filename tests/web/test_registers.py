"""Registers on pages: lists, records with what happened around them, Excel, and the page of a customer."""

import io
import re

from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook

from engine.commands.put_register_row import PutRegisterRow
from engine.stories import company
from tests.web import stage
from tests.web.conftest import Office
from web.register_words import NAMES

HIDDEN = ("changes", "ledger", "fault-slips", "awards")


def sheet(*rows: tuple[object, ...]) -> tuple[io.BytesIO, str]:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    target = io.BytesIO()
    book.save(target)
    target.seek(0)
    return target, "客户.xlsx"


def administrator(office: Office) -> FlaskClient:
    return office.visit(next(login for login, one in office.people.items() if "administrator" in one.roles))


def fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(digest|shown)" value="([0-9a-f]*)"', page))


def test_every_register_has_its_page_and_its_excel_file(office: Office):
    client = office.visit("qian_lan")

    for name in NAMES.values():
        assert client.get(f"/registers/{name}").status_code == 200, name
        written = client.get(f"/registers/{name}/export.xlsx")
        assert load_workbook(io.BytesIO(written.data)).worksheets[0].max_row >= 1
        assert "attachment" in written.headers["Content-Disposition"]


def test_money_is_for_those_who_may_see_it(office: Office):
    client = office.visit("chen_siyu")

    for name in HIDDEN:
        assert client.get(f"/registers/{name}").status_code == 404
    assert client.get("/registers/contracts/export.xlsx").status_code == 404
    assert "120,000.00" not in client.get("/customers/K-001").text
    assert "120,000.00" in office.visit("qian_lan").get("/customers/K-001").text


def test_a_crew_shows_its_retention_its_sites_and_what_moved(office: Office):
    page = office.visit("qian_lan").get("/registers/crews/crew_tie_zhu").text

    assert "质保金余额" in page and "5,000.00" in page
    assert "/registers/sites/S-001" in page and "缴存" in page


def test_a_site_leads_to_its_contract_and_its_customer(office: Office):
    page = office.visit("chen_siyu").get("/registers/sites/S-001").text

    assert "/registers/contracts/C-001" in page and "/customers/K-001" in page


def test_what_there_is_not_is_not_found(office: Office):
    client = office.visit("chen_siyu")

    for path in ("/registers/sites/none", "/registers/nothing", "/registers/people/none", "/registers/ledger/x"):
        assert client.get(path).status_code == 404, path


def test_rows_come_in_after_they_were_looked_at(office: Office):
    client = administrator(office)
    rows = (("编号", "姓名", "电话"), ("K-001", "林婉清", "000-1000-9999"), (None, "新来的", "000-1000-8888"))

    shown = client.post("/registers/customers/import", data={"sheet": sheet(*rows)})
    assert shown.status_code == 200 and "新增 1 行，改动 1 行" in shown.text
    assert "rf-register" not in client.get("/registers/customers?q=新来的").text
    done = client.post("/registers/customers/import/confirm", data=fields(shown.text))

    assert done.status_code == 303
    assert "rf-register" in client.get("/registers/customers?q=新来的").text


def test_what_is_wrong_in_a_file_is_said_by_line_and_column(office: Office):
    client = administrator(office)

    answer = client.post("/registers/customers/import", data={"sheet": sheet(("编号", "姓名"), (None, "=1+1"))})

    assert answer.status_code == 422
    assert "第 2 行" in answer.text and "B 列" in answer.text and "公式" in answer.text
    assert fields(answer.text) == {}


def test_a_register_that_changed_meanwhile_is_shown_anew(office: Office):
    client = administrator(office)
    shown = client.post("/registers/customers/import", data={"sheet": sheet(("编号", "姓名"), ("K-001", "林婉清清"))})
    change = PutRegisterRow(register="customer", key="K-001", values={"name": "林晚晴"})
    office.engine.execute(change, company.OPERATOR)

    answer = client.post("/registers/customers/import/confirm", data=fields(shown.text))

    assert answer.status_code == 409 and "有变动" in answer.text and fields(answer.text)
    assert "林晚晴" in client.get("/customers/K-001").text


def test_only_an_administrator_brings_rows_in(office: Office):
    client = office.visit("lin_xiaomei")

    assert client.get("/registers/customers/import").status_code == 403
    assert client.post("/registers/customers/import/confirm", data={"digest": "0" * 64}).status_code == 403


def test_a_file_that_was_never_looked_at_is_not_found(office: Office):
    client = administrator(office)

    for digest in ("0" * 64, "../../secret", ""):
        data = {"digest": digest, "shown": ""}
        assert client.post("/registers/customers/import/confirm", data=data).status_code == 404


def test_a_customer_shows_all_that_happened_and_hides_the_number(office: Office):
    client = office.visit("chen_siyu")
    typed = {f"f.{name}": str(value) for name, value in stage.COMPLAINT.items()}
    typed |= {"f.customer": "林婉清", "f.customer_record": "K-001", "f.reason": "墙砖空鼓"}
    assert client.post("/start/complaint-handling", data=typed).status_code == 303

    page = client.get("/customers/K-001").text
    shown = client.post("/customers/K-001/number")

    assert "墙砖空鼓" in page and "全部往来" in page and "完工" in page
    assert "000-1000-0001" not in page and "000-1000-0001" in shown.text


def test_a_procedure_starts_from_the_customer_with_the_facts_filled_in(office: Office):
    page = office.visit("chen_siyu").get("/start/complaint-handling?customer=K-001").text

    assert 'value="林婉清"' in page and 'value="000-1000-0001"' in page
    assert re.search(r'<option value="S-001"[^>]*selected', page)


def test_a_number_typed_anywhere_finds_the_customer(office: Office):
    client = office.visit("chen_siyu")

    for typed in ("000-1000-0001", "00010000001", "000 1000 0001"):
        assert "/customers/K-001" in client.get("/cases", query_string={"q": typed}).text, typed
    assert "/customers/" not in client.get("/cases?q=0001").text.split("<main")[1]
