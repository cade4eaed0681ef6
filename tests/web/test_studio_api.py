"""What the studio's editors ask for and send."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from engine.actor import PROCESS_OWNER
from tests.web.conftest import Office

ROOM = "/studio/complaint-classification"
DIAGRAM = "complaint-classification.bpmn"
NAMES = "界定严重程度", "界定投诉程度"  # of a step, before and after a change


def owners(office: Office) -> list[str]:
    return [login for login, actor in office.people.items() if PROCESS_OWNER in actor.roles]


def enter(office: Office, who: int = 0) -> FlaskClient:
    client = office.visit(owners(office)[who])
    assert client.post(f"{ROOM}/open").status_code == 302
    return client


def read(client: FlaskClient, path: str = DIAGRAM) -> dict[str, Any]:
    answer = client.get(f"{ROOM}/file", query_string={"path": path})
    assert answer.status_code == 200
    return dict(answer.get_json())


def save(client: FlaskClient, path: str, content: object, revision: object = 1) -> tuple[int, dict[str, Any]]:
    answer = client.post(f"{ROOM}/file", json={"path": path, "content": content, "revision": revision})
    return answer.status_code, dict(answer.get_json())


def test_a_saved_file_is_read_again_with_who_saved_it(office_of_both: Office):
    client = enter(office_of_both)
    before = read(client)
    assert before["editable"] and before["revision"] == 1

    status, said = save(client, DIAGRAM, before["content"].replace(*NAMES))

    assert (status, said["revision"]) == (200, 2)
    after = read(client)
    assert NAMES[1] in after["content"] and after["saved_by"] == "林晓梅" and after["saved_at"] == said["saved_at"]
    state = client.get(f"{ROOM}/state").get_json()
    assert state == {"revision": 2, "state": "editing", "saved_by": "林晓梅", "saved_at": said["saved_at"]}


def test_of_two_people_the_later_sees_who_was_faster_and_what_differs(office_of_both: Office):
    first, later = enter(office_of_both, 0), enter(office_of_both, 1)
    content = read(first)["content"]
    theirs = content.replace(*NAMES)
    save(first, DIAGRAM, theirs)

    status, said = save(later, DIAGRAM, content.replace("</bpmn:definitions>", "<!-- --></bpmn:definitions>"))

    assert status == 409
    assert (said["error"], said["by"], said["revision"], said["content"]) == ("draft_changed", "林晓梅", 2, theirs)
    assert said["message"] and said["changes"] and all(isinstance(one, str) for one in said["changes"])
    assert read(later)["content"] == theirs


def test_a_save_answers_with_the_problems_in_the_pages_language(office: Office):
    client = enter(office)
    content = read(client)["content"].replace("bpmn:businessRuleTask", "bpmn:manualTask")

    status, said = save(client, DIAGRAM, content)

    assert status == 200
    refused = [one for one in said["problems"] if one["severity"] == "error"]
    assert refused and set(refused[0]) == {"code", "severity", "file", "element", "message"}
    assert client.get(f"{ROOM}/problems").get_json()["problems"] == said["problems"]
    client.set_cookie("language", "en")
    english = client.get(f"{ROOM}/problems").get_json()["problems"]
    assert [one["code"] for one in english] == [one["code"] for one in said["problems"]]
    assert english[0]["message"] != said["problems"][0]["message"]


@pytest.mark.parametrize("content", ["no diagram", "", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "<html/>"])
def test_what_can_not_be_read_is_answered_with_what_to_do(office: Office, content: str):
    client = enter(office)
    before = read(client)

    status, said = save(client, DIAGRAM, content)

    assert (status, said["error"], said["path"]) == (422, "draft_unreadable", DIAGRAM)
    assert said["message"].startswith(f"{DIAGRAM} 的内容读不出来，没有保存。") and len(said["message"]) > 50
    assert read(client) == before


@pytest.mark.parametrize(
    "sent",
    [
        None, [], {}, {"path": DIAGRAM}, {"path": 7, "content": "", "revision": 1}, {"path": "../x", "content": "<a/>"},
        {"path": DIAGRAM, "content": 5}, {"path": DIAGRAM, "content": "<a/>", "revision": "1"},
        {"path": DIAGRAM, "content": "<a/>", "revision": -1}, {"path": DIAGRAM, "content": "\ud800", "revision": 1},
    ],
)  # fmt: skip
def test_a_request_that_makes_no_sense_is_refused_as_json(office: Office, sent: Any):
    answer = enter(office).post(f"{ROOM}/file", json=sent)

    assert answer.status_code == 422
    assert answer.get_json()["error"] == "command_invalid"


def test_a_file_is_removed_once(office: Office):
    client = enter(office)
    save(client, "documents/slip.typ", "= A slip", 0)
    gone = {"path": "documents/slip.typ", "revision": 2}

    assert client.delete(f"{ROOM}/file", json=gone | {"revision": 1}).status_code == 409
    assert "problems" in client.delete(f"{ROOM}/file", json=gone).get_json()

    assert client.delete(f"{ROOM}/file", json=gone).status_code == 404
    assert client.get(f"{ROOM}/file", query_string=gone).status_code == 404


def test_what_is_too_large_for_a_request_is_refused(office: Office):
    answer = enter(office).post(f"{ROOM}/file", data=b" " * (4 * 1024 * 1024 + 1), content_type="application/json")

    assert answer.status_code == 413


def test_without_a_draft_there_is_nothing_to_read_or_save(office: Office):
    client = office.visit(owners(office)[0])

    assert save(client, DIAGRAM, "<a/>", 1)[0] in (404, 422)
    for what in ("file", "state", "problems"):
        assert client.get(f"{ROOM}/{what}").status_code == 404
    assert client.post("/studio/none/open").status_code == 404
    assert client.post(f"{ROOM}/open", data={"version": "x"}).status_code == 400
