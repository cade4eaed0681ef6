"""Cookies, tokens, headers and log-ins that are not what they should be."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from engine import clock
from engine.commands.put_person import PutPerson
from engine.executor import Engine
from tests.bad_input.browsing import COOKIE, Browser, submission
from tests.bad_input.conftest import LEFT, MORNING, PASSWORD, Open
from tests.bad_input.untouched import nothing_changes
from tests.factories import ADMIN

Visit = Callable[..., Browser]


@pytest.mark.parametrize("token", [None, "", "x", "IjEi.aaaa.bbbb"])
def test_a_form_without_its_token_changes_nothing(
    company: Engine, opened: Open, visit: Visit, token: str | None
) -> None:
    browser, sent = visit(1), submission(company, opened.task, result="settled", words="写了很久")
    path = f"/tasks/{opened.task}/complete"

    with nothing_changes(company):
        answer = browser.client.post(path, data=sent | ({"csrf_token": token} if token is not None else {}))

    assert answer.status_code == 400
    assert ("写了很久" in answer.text and "再提交" in answer.text) or "重新" in answer.text or "再发" in answer.text


def test_the_token_of_another_person_does_not_pass(company: Engine, opened: Open, visit: Visit) -> None:
    mine, theirs = visit(1), visit(2)

    with nothing_changes(company):
        answer = mine.client.post(
            f"/tasks/{opened.task}/claim", data={"csrf_token": theirs._token[1] if theirs._token else ""}
        )

    assert answer.status_code == 400


@pytest.mark.parametrize("cookie", ["", "x", "0" * 43, "é", "a\\054b", "x" * 4000, "1; person=9"])
def test_a_made_up_session_is_nobodys(app: Flask, company: Engine, opened: Open, cookie: str) -> None:
    client = app.test_client()
    client.set_cookie(COOKIE, cookie)

    answer = client.get(f"/tasks/{opened.task}")

    assert answer.status_code == 303 and answer.location.startswith("/login?next=")


def test_a_session_ends_with_its_time_and_with_its_person(company: Engine, opened: Open, visit: Visit) -> None:
    browser, other = visit(1), visit(2)
    hours = timedelta(hours=company.settings.session_hours)

    with clock.hold(MORNING + hours - timedelta(seconds=1)):
        assert browser.get("/").status_code == 200
    with clock.hold(MORNING + hours), nothing_changes(company):
        assert browser.get("/").status_code == 303
        assert browser.post(f"/tasks/{opened.task}/claim").status_code == 303
    company.execute(PutPerson(person_id=2, active=False), ADMIN)
    assert other.get("/").status_code == 303


def test_who_logged_out_is_out(visit: Visit) -> None:
    browser = visit(1)
    cookie = browser.client.get_cookie(COOKIE)
    assert cookie is not None

    browser.post("/logout")
    browser.client.set_cookie(COOKIE, cookie.value)

    assert browser.get("/").status_code == 303


def log_in(browser: Browser, username: str, password: str = PASSWORD, **more: str) -> tuple[int, str]:
    answer = browser.post("/login", {"username": username, "password": password, **more})
    return answer.status_code, answer.text


def test_all_refusals_of_a_log_in_look_the_same(visit: Visit) -> None:
    browser = visit()

    answers = [log_in(browser, name, "wrong password") for name in ("p1", "nobody", f"p{LEFT}")]
    answers.append(log_in(browser, f"p{LEFT}"))

    assert {status for status, _ in answers} == {422}
    assert all("用户名或密码不正确" in text and "wrong password" not in text for _, text in answers)


def test_after_five_failures_even_the_right_password_waits_a_quarter_of_an_hour(visit: Visit) -> None:
    browser = visit()
    for _ in range(5):
        assert log_in(browser, "p1", "wrong password")[0] == 422

    status, text = log_in(browser, "p1")
    assert status == 429 and "请稍等几分钟" in text
    assert log_in(browser, "p2")[0] == 303
    with clock.hold(MORNING + timedelta(minutes=15, seconds=1)):
        assert log_in(visit(), "p1")[0] == 303


@pytest.mark.parametrize("username", ["", "' OR 1=1 --", "p1\0", "p1%", "P1", "😀", "x" * 100_000])
def test_a_strange_name_is_nobody(company: Engine, visit: Visit, username: str) -> None:
    browser = visit()

    with nothing_changes(company):
        assert log_in(browser, username)[0] in (400, 422)


def test_a_password_may_be_long_but_not_endless(company: Engine, visit: Visit) -> None:
    browser = visit()

    with nothing_changes(company):
        assert log_in(browser, "p1", "x" * 100_000)[0] == 422
        assert log_in(browser, "p1", "x" * 5_000_000)[0] == 413


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/\t/evil.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\r\nSet-Cookie: x=1",
        " //evil.example",
        "http:evil.example",
        "/\x00/evil.example",
        "",
    ],
)
def test_a_log_in_leads_nowhere_else(visit: Visit, wanted: str) -> None:
    browser = visit()

    answer = browser.post("/login", {"username": "p1", "password": PASSWORD, "next": wanted})

    assert answer.status_code == 303
    where = answer.headers["Location"]
    assert where.startswith("/") and not where.startswith(("//", "/\\", "/\t", "/%5C"))
    assert not any(sign in where for sign in "\r\n\t\0")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "localhost@evil.example", "a" * 5000, "127.0.0.1"])
def test_the_host_of_a_request_gets_into_no_page(opened: Open, visit: Visit, host: str) -> None:
    browser = visit(1)

    for path in ("/", "/login", f"/tasks/{opened.task}", "/nowhere"):
        answer = browser.get(path, headers={"Host": host, "X-Forwarded-Host": "evil.example"})
        assert answer.status_code < 500
        assert "evil.example" not in answer.text and "evil.example" not in answer.headers.get("Location", "")


def test_what_a_proxy_would_say_is_believed_from_nobody(company: Engine, opened: Open, visit: Visit) -> None:
    browser = visit()
    headers = {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-User": "p9", "X-HTTP-Method-Override": "DELETE"}

    assert browser.get("/people", headers=headers).status_code == 303
    assert browser.client.open(f"/tasks/{opened.task}/claim", method="GET").status_code in (303, 405)


def test_the_demos_log_in_is_not_there(company: Engine, visit: Visit) -> None:
    for person in ("9", "²", "", "99999999999999999999"):
        assert visit().post("/login/demo", {"person": person}).status_code == 404


def test_a_cookie_of_the_page_chooses_nothing_that_is_not_offered(opened: Open, visit: Visit) -> None:
    browser = visit(1)
    for name in ("language", "remember-inbox-group", "remember-keys"):
        browser.client.set_cookie(name, "<script>alert(1)</script>../..")

    answer = browser.get("/")

    assert answer.status_code == 200 and "<script>alert" not in answer.text
