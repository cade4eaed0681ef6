"""What the diagram editor may offer: names that exist, and the fields that are known at a point."""

import shutil
from typing import Any

from flask.testing import FlaskClient

from engine.actor import PROCESS_OWNER
from engine.stories import trial
from tests.web.conftest import Office

ROOM = "/studio/complaint-handling"


def enter(office: Office) -> FlaskClient:
    return office.visit(next(login for login, actor in office.people.items() if PROCESS_OWNER in actor.roles))


def by_key(rows: list[dict[str, Any]], name: str, value: str) -> dict[str, Any]:
    return next(row for row in rows if row[name] == value)


def test_the_catalogue_names_what_a_diagram_may_use(office: Office):
    said = enter(office).get(f"{ROOM}/catalogue").get_json()

    manager = by_key(said["groups"], "key", "service_manager")
    assert (manager["name"], manager["kind"], manager["people"]) == ("客服经理", "group", 1)
    notify = by_key(said["operations"], "name", "notify")
    assert notify["title"] == "发通知" and notify["results"] == ["told"]
    assert {"name": "to", "required": True, "about": "通知谁"} in notify["parameters"]
    assert by_key(said["functions"], "name", "hours")["signature"] == "hours(…, after=…)"
    assert by_key(said["procedures"], "id", "complaint_intake")["title"]
    assert "complaint_handling" not in {one["id"] for one in said["procedures"]}
    assert said["forms"] and all(one["title"] for one in said["forms"])
    rounds = enter(office).get("/studio/complaint-resolution/catalogue").get_json()
    assert rounds["deadlines"] and all(one.startswith("T-") for one in rounds["deadlines"])


def test_the_catalogue_speaks_the_language_of_the_page(office: Office):
    client = enter(office)
    client.set_cookie("language", "en")

    said = client.get(f"{ROOM}/catalogue").get_json()

    assert by_key(said["groups"], "key", "service_manager")["name"] == "Customer service manager"
    assert by_key(said["operations"], "name", "notify")["title"] == "Tell people something"


def test_a_field_is_offered_behind_the_step_that_asks_for_it_with_its_choices(office: Office):
    client = enter(office)

    before = client.get(f"{ROOM}/fields?element=register_complaint").get_json()["fields"]
    behind = client.get(f"{ROOM}/fields?element=which_path").get_json()["fields"]

    source = by_key(behind, "path", "register_complaint.source")
    assert (source["label"], source["kind"], source["from"]) == ("来源", "choice", "登记投诉")
    assert {"value": "phone", "label": "来电"} in source["choices"]
    assert by_key(behind, "path", "intake.needs_opinion")["kind"] == "checkbox"  # as the called procedure asks it
    assert not any(one["path"].startswith("register_complaint.") for one in before)


def test_an_element_or_a_procedure_that_is_not_there_is_answered_so(office: Office):
    client = enter(office)

    answers = [client.get(path) for path in (f"{ROOM}/fields?element=gone", "/studio/gone/catalogue")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert all(answer.get_json()["message"] for answer in answers)


def test_stories_are_played_on_the_draft_as_it_is_kept(office: Office):
    client = enter(office)
    room = "/studio/penalty-slip"
    before = client.get(f"{room}/stories").get_json()

    answer = client.post(f"{room}/stories")

    assert (before["state"], before["results"]) == ("none", [])
    said = answer.get_json()
    assert answer.status_code == 202
    assert said["state"] == "running" and said["total"] >= 16
    assert client.post(f"{room}/stories").status_code == 202  # one at a time: the same
    end_of_trial(office, "penalty-slip")


def test_a_draft_that_must_be_changed_first_is_not_played(office: Office):
    client = enter(office)
    room, path = "/studio/penalty-slip", "penalty-slip.bpmn"
    assert client.post(f"{room}/open").status_code == 302
    kept = client.get(f"{room}/file", query_string={"path": path}).get_json()
    broken = kept["content"].replace('sourceRef="confirm_penalty"', 'sourceRef="nobody"')
    client.post(f"{room}/file", json={"path": path, "content": broken, "revision": 1})

    answer = client.post(f"{room}/stories")

    assert answer.status_code == 400
    assert answer.get_json()["message"]
    assert client.get(f"{room}/stories").get_json()["state"] == "none"


def end_of_trial(office: Office, procedure: str) -> None:
    """Take the stage away: what plays on it ends with the next story."""
    shutil.rmtree(office.engine.settings.var / trial.FOLDER / procedure)
