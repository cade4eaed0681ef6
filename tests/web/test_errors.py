"""Pages of refusals and failures, and the headers of every answer."""

import re

import pytest
import sqlalchemy as sa

from engine.errors import EngineError
from tests.web import stage
from tests.web.conftest import Office
from web.errors import STATUS


def every_error(family: type[EngineError] = EngineError) -> set[type[EngineError]]:
    return {family}.union(*(every_error(one) for one in family.__subclasses__()))


def test_every_status_belongs_to_an_error():
    assert set(STATUS) <= {error.code for error in every_error()}


def test_a_page_says_what_is_not_there(office: Office):
    answer = office.visit("chen_siyu").get("/nowhere")

    assert answer.status_code == 404
    assert "这里没有内容" in answer.text


def test_a_form_without_its_token_is_refused_and_kept(office: Office):
    office.app.config["WTF_CSRF_ENABLED"] = True
    client = office.app.test_client()

    answer = client.post("/login", data={"username": "chen_siyu", "password": stage.PASSWORD})

    assert answer.status_code == 400
    assert "chen_siyu" in answer.text and stage.PASSWORD not in answer.text
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    again = {"username": "chen_siyu", "password": stage.PASSWORD, "csrf_token": token[1]}
    assert client.post("/login", data=again).status_code == 303


def test_what_was_typed_survives_a_failure(office: Office):
    case = stage.start(office.engine, office.people)
    task = stage.open_task(office.engine, case)
    client = office.visit("chen_siyu")
    client.get(f"/tasks/{task}")
    with office.engine.store.write() as connection:
        connection.execute(sa.text("DROP TABLE draft"))
        connection.commit()

    answer = client.post(f"/tasks/{task}/complete", data={"f.note": "客户不在家", "request_id": "ab" * 16})

    assert answer.status_code >= 500
    assert re.search(r"E-[0-9A-F]{8}", answer.text)
    assert "客户不在家" in answer.text and "ab" * 16 in answer.text
    assert "draft" not in answer.text.replace("/draft", "")


@pytest.mark.parametrize("path", ["/login", "/healthz", "/nowhere", "/static/logo.svg"])
def test_every_answer_carries_the_headers(office: Office, path):
    with office.visit().get(path) as answer:
        headers = answer.headers

    assert "'unsafe-inline'" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


def test_no_page_has_an_inline_style_or_script(office: Office):
    client = office.visit("chen_siyu")
    stage.start(office.engine, office.people)

    for path in ("/", "/start", "/start/complaint-handling", "/me", "/calendar", "/notices", "/login"):
        page = client.get(path).text
        assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=|<style", page), path


def test_pages_of_people_are_kept_by_nobody_between(office: Office):
    assert office.visit("chen_siyu").get("/").headers["Cache-Control"] == "private, no-store"


def test_the_machines_pages_answer_without_a_log_in(office: Office):
    client = office.visit()

    assert client.get("/healthz").text == client.get("/readyz").text == "ok\n"
    assert "renoflow_incidents 0.0" in client.get("/metrics").text
