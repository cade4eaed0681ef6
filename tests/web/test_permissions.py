"""Every route declares who may open it; nobody reaches another's task or case by guessing its id."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from engine.actor import ADMINISTRATOR
from engine.db.models import job
from tests.bad_input.untouched import nothing_changes
from tests.web import stage
from tests.web.conftest import Office
from web.permissions import ACCESS, ANYONE, AUDITORS, OWNERS, STAFF, is_open_to

NOBODYS = "0" * 32


def routes(office: Office, **values: object) -> Iterator[tuple[str, str, str]]:
    """(method, address, who may) of every route."""
    filled = {"task_id": NOBODYS, "case_id": NOBODYS, "job_id": NOBODYS, "digest": "0" * 64, "procedure": "none"}
    filled |= {"key": "none", "number": "XX-2025-0001", "person_id": 999, "register": "site"}
    filled |= {"kind": "forms", "name": "none", "form": "none", "decision": "none", "document": "none"} | values
    with office.app.test_request_context():
        adapter = office.app.url_map.bind("localhost")
        for rule in office.app.url_map.iter_rules():
            if rule.endpoint == "static":
                continue
            who = getattr(office.app.view_functions[rule.endpoint], "access", None)
            names = {name: filled[name] for name in rule.arguments - (rule.defaults or {}).keys()}
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                yield method, adapter.build(rule.endpoint, names, method=method), who


def test_every_view_declares_who_may_open_it(office: Office):
    assert [address for _, address, who in routes(office) if who not in ACCESS] == []


def test_without_a_log_in_only_the_open_pages_answer(office: Office):
    client = office.visit()

    for method, address, who in routes(office):
        if who != ANYONE:
            answer = client.open(address, method=method)
            assert answer.status_code == 303 and answer.location.startswith("/login"), address


@pytest.mark.parametrize("login", ["chen_siyu", "lin_xiaomei", "auditor", "administrator"])
def test_a_role_opens_what_is_its_own_and_nothing_else(office: Office, login):
    roles = {"auditor": "auditor", "administrator": "administrator"}
    login = next((name for name, one in office.people.items() if roles.get(login) in one.roles), login)
    mine = office.people[login].roles

    for method, address, who in routes(office):
        if who == ANYONE or address == "/logout":
            continue
        status = office.visit(login).open(address, method=method).status_code
        if not is_open_to(who, mine):
            assert status == 403, address
        assert status < 500, address
        if NOBODYS in address:
            assert status in (400, 403, 404), address


def test_who_takes_no_part_finds_neither_task_nor_case(office: Office):
    case = stage.start(office.engine, office.people)
    task = stage.open_task(office.engine, case)
    outsider = office.visit("tang_yi")

    for method, address, _ in routes(office, task_id=task, case_id=case):
        if task in address or case in address:
            data = {"text": "x", "to": "person:1", "reason": "x", "due_at": "2026-11-20T10:00"}
            status = outsider.open(address, method=method, data=data if method == "POST" else None).status_code
            assert status in (400, 403, 404), address


def test_an_auditor_changes_nothing_on_any_page(office: Office):
    case = stage.start(office.engine, office.people)
    login = next(name for name, one in office.people.items() if "auditor" in one.roles)
    ids = {"task_id": stage.open_task(office.engine, case), "case_id": case, "person_id": 1, "key": "K-001"}
    client, own = office.visit(login), ("/logout", "/me/password", "/notices")
    texts = {"text": "x", "to": "person:1", "reason": "x", "name": "x", "due_at": "2026-11-20T10:00", "every": "1"}

    with nothing_changes(office.engine, besides=frozenset({"job"})):  # the proof that was asked for waits there
        for method, address, who in routes(office, **ids):
            if who != ANYONE and not address.startswith(own):
                client.open(address, method=method, data=texts if method == "POST" else None)

    with office.engine.read() as connection:
        waiting = connection.scalars(sa.select(job.c.kind).where(job.c.kind.not_in(("timer", "reminder"))))
        assert list(waiting) == ["proof"]


def test_auditors_read_and_administrators_look_after_people(office: Office):
    assert not is_open_to(STAFF, frozenset({"auditor"}))
    assert is_open_to(STAFF, frozenset())
    assert not is_open_to(ADMINISTRATOR, frozenset({"process_owner"}))


def test_the_auditors_room_is_open_to_auditors_and_administrators_alone():
    assert is_open_to(AUDITORS, frozenset({"auditor"}))
    assert is_open_to(AUDITORS, frozenset({"administrator"}))
    assert not is_open_to(AUDITORS, frozenset({"process_owner"}))
    assert not is_open_to(AUDITORS, frozenset())


def test_the_studio_is_open_to_owners_and_administrators_alone():
    assert is_open_to(OWNERS, frozenset({"process_owner"}))
    assert is_open_to(OWNERS, frozenset({"administrator", "auditor"}))
    assert not is_open_to(OWNERS, frozenset({"process_owner", "auditor"}))
    assert not is_open_to(OWNERS, frozenset({"auditor"}))
    assert not is_open_to(OWNERS, frozenset())
