"""Logging in and out: one message for every failure, a lock after five, cookies that scripts can't read."""

from datetime import timedelta

import pytest

from engine import clock
from tests.web import stage
from tests.web.conftest import Office

WRONG = "用户名或密码不正确。"


def log_in(client, username="chen_siyu", password=stage.PASSWORD, **more):
    return client.post("/login", data={"username": username, "password": password, **more})


def test_a_password_opens_the_inbox(office: Office):
    client = office.visit()

    answer = log_in(client)

    assert (answer.status_code, answer.location) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert "陈思雨" in client.get("/").text


@pytest.mark.parametrize("username", ["chen_siyu", "nobody", "lin_xiaomei", ""])
def test_every_failure_reads_alike(office: Office, username):
    answer = log_in(office.visit(), username, "wrong password")

    assert answer.status_code == 422
    assert WRONG in answer.text


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(office: Office):
    client = office.visit()
    for _ in range(5):
        log_in(client, password="wrong password")

    assert log_in(client).status_code == 429
    with clock.hold(stage.NOW + timedelta(minutes=16)):
        assert log_in(client).status_code == 303


def test_logging_out_ends_the_session_in_the_store(office: Office):
    client = office.visit("chen_siyu")
    token = client.get_cookie("renoflow_session").value

    client.post("/logout")
    client.set_cookie("renoflow_session", token)

    assert client.get("/").status_code == 303


def test_a_session_ends_by_itself(office: Office):
    client = office.visit("chen_siyu")

    with clock.hold(stage.NOW + timedelta(hours=13)):
        assert client.get("/").location == "/login?next=/"


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "evil"])
def test_the_log_in_goes_on_only_within_this_site(office: Office, elsewhere):
    assert log_in(office.visit(), next=elsewhere).location == "/"


def test_after_the_log_in_the_wanted_page_comes(office: Office):
    client = office.visit()
    wanted = client.get("/notices").location

    assert log_in(client, next=wanted.partition("next=")[2]).location == "/notices"


def test_outside_the_demo_nobody_logs_in_by_a_click(office: Office):
    from engine.db.models import counter

    with office.engine.store.write() as connection:
        connection.execute(counter.delete())
        connection.commit()
    client = office.visit()

    assert client.post("/login/demo", data={"person": "1"}).status_code == 404
    assert "rf-account" not in client.get("/login").text


def test_a_new_password_ends_other_sessions(office: Office):
    here, there = office.visit("chen_siyu"), office.visit("chen_siyu")

    answer = here.post("/me/password", data={"password": stage.PASSWORD, "new": "0123456789", "again": "0123456789"})

    assert answer.status_code == 303
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 303


@pytest.mark.parametrize(
    ("password", "new", "again"), [("wrong", "0123456789", "0123456789"), (stage.PASSWORD, "short", "short")]
)
def test_a_bad_change_of_password_is_refused(office: Office, password, new, again):
    answer = office.visit("chen_siyu").post("/me/password", data={"password": password, "new": new, "again": again})

    assert answer.status_code == 422
    assert "rf-error" in answer.text


def test_the_language_is_kept_in_a_cookie(office: Office):
    client = office.visit("chen_siyu")
    assert '<html lang="zh-CN"' in client.get("/").text

    client.post("/language", data={"language": "en", "next": "/"})

    page = client.get("/").text
    assert '<html lang="en"' in page and "Inbox" in page and "待办" not in page
