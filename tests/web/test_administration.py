"""People, groups, calendar, registers, starting: what is wrong is said, the rest can be looked up."""

from engine.commands.put_register_row import PutRegisterRow
from engine.stories import company
from tests.web import stage
from tests.web.conftest import Office


def administrator(office: Office):
    return office.visit(next(login for login, one in office.people.items() if "administrator" in one.roles))


def test_a_new_person_can_log_in_and_finds_the_groups_tasks(office: Office):
    stage.start(office.engine, office.people)
    person = {"username": "xin_ren", "name": "新人", "active": "on", "groups": "service_specialist"}

    answer = administrator(office).post("/people", data=person | {"password": "0123456789"})

    assert answer.status_code == 303
    client = office.visit()
    client.post("/login", data={"username": "xin_ren", "password": "0123456789"})
    assert "投诉界定" in client.get("/").text


def test_a_taken_name_is_refused_and_the_rest_is_kept(office: Office):
    answer = administrator(office).post("/people", data={"username": "chen_siyu", "name": "另一个人"})

    assert answer.status_code == 422
    assert "没有填，或别人已在用。" in answer.text and "另一个人" in answer.text


def test_who_left_can_no_longer_do_anything(office: Office):
    client = office.visit("ding_nan")
    number = office.people["ding_nan"].key.removeprefix("person:")

    administrator(office).post(f"/people/{number}", data={"username": "ding_nan", "name": "丁楠"})

    assert client.get("/").status_code == 303


def test_a_new_head_has_the_heads_tasks_at_once(office: Office):
    number = office.people["wu_kai"].key.removeprefix("person:")
    group = {"key": "engineering_dept", "name": "工程部", "kind": "department", "head": number}

    assert administrator(office).post("/people/groups", data=group).status_code == 303
    assert "工程部负责人" in office.visit("wu_kai").get("/me").text


def test_the_pages_of_people_open(office: Office):
    client = administrator(office)

    for path in ("/people", "/people?group=service_specialist&q=陈", "/people/new", "/people/groups/new"):
        assert client.get(path).status_code == 200
    assert "陈思雨" in client.get("/people?q=chen").text
    assert client.get("/people/groups/service_specialist").status_code == 200


def test_a_holiday_is_entered_by_an_administrator_and_seen_by_all(office: Office):
    data = {"day": "2026-12-24", "kind": "holiday", "name": "店庆"}

    assert office.visit("chen_siyu").post("/calendar", data=data).status_code == 403
    assert administrator(office).post("/calendar", data=data).status_code == 303
    assert 'title="店庆"' in office.visit("chen_siyu").get("/calendar").text


def test_a_year_that_is_not_published_says_so(office: Office):
    assert "还没有公布" in office.visit("chen_siyu").get("/calendar?year=2027").text


def test_registers_are_searched_by_name_address_and_number(office: Office):
    client = office.visit("chen_siyu")

    assert "林婉清" in client.get("/registers/customers?q=枫林").text
    assert "没有找到" in client.get("/registers/customers?q=nobody").text
    assert "S-001" in client.get("/registers/sites").text
    assert "C-001" in client.get("/registers/contracts?q=林婉清").text
    assert "工程部" in client.get("/registers/departments").text
    assert "陈思雨" in client.get("/registers/people?q=思雨").text


def test_a_customer_shows_sites_and_contracts_and_hides_the_number(office: Office):
    page = office.visit("chen_siyu").get("/customers/K-001").text

    assert "枫林苑 3 栋 1202" in page and "C-001" in page
    assert "000-1000-0001" not in page and "000****0001" in page


def test_a_long_register_goes_on(office: Office):
    for number in range(60):
        row = PutRegisterRow(register="customer", key=f"Z-{number:03}", values={"name": f"客户{number}"}, new=True)
        office.engine.execute(row, company.OPERATOR)
    client = office.visit("chen_siyu")

    first, second = (client.get(f"/registers/customers?q=客户{more}").text for more in ("", "&page=2"))

    assert "Z-049" in first and "Z-050" not in first and "page=2" in first
    assert "Z-059" in second


def test_a_procedure_is_started_from_its_form(office: Office):
    client = office.visit("chen_siyu")
    assert "客户投诉处理" in client.get("/start").text
    typed = {f"f.{name}": str(value) for name, value in stage.COMPLAINT.items()}

    wrong = client.post("/start/complaint-handling", data=typed)
    right = client.post("/start/complaint-handling", data=typed | {"f.customer": "林婉清", "f.reason": "空鼓"})

    assert wrong.status_code == 422 and "error-summary" in wrong.text and "淋浴区" in wrong.text
    assert right.status_code == 303 and right.location.startswith("/cases/")


def test_who_may_not_start_a_procedure_does_not_find_it(office: Office):
    client = office.visit("tang_yi")

    assert "客户投诉处理" not in client.get("/start").text
    assert client.get("/start/complaint-handling").status_code == 403
