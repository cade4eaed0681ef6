"""A draft's forms, decision tables, parameters and papers: lists, new ones, removal, and procedure.toml as a form."""

import html
import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from engine.commands.submit_draft import SubmitDraft
from tests.web.conftest import Office
from tests.web.test_studio_api import owners

PROCEDURE = "complaint-intake"
ROOM = f"/studio/{PROCEDURE}"
FORM = "classify_complaint"


def enter(office: Office, who: int = 0) -> FlaskClient:
    client = office.visit(owners(office)[who])
    assert client.post(f"{ROOM}/open").status_code == 302
    return client


def read(client: FlaskClient, path: str) -> dict[str, Any]:
    return dict(client.get(f"{ROOM}/file", query_string={"path": path}).get_json())


def posted(page: str) -> dict[str, Any]:
    """What the form of the parameters sends as it stands."""
    form = page[page.index('<form class="rf-tables-scroll"') :]
    values: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf' {part}="([^"]*)"', tag) for part in ("name", "value"))
        if not name or ('type="checkbox"' in tag and " checked" not in tag):
            continue
        kept = html.unescape(value[1]) if value else "on"
        values.setdefault(html.unescape(name[1]), []).append(kept)
    for select in re.findall(r"<select.*?</select>", form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', select) or re.search(r'value="([^"]*)"', select)
        values[re.search(r'name="([^"]*)"', select)[1]] = html.unescape(chosen[1])  # type: ignore[index]
    return values


def new_row(sent: dict[str, Any], values: dict[str, str]) -> dict[str, str]:
    """The last row of the parameters, which is empty, with these values."""
    last = sum(name.startswith("p.") and name.endswith(".name") for name in sent) - 1
    return {f"p.{last}.{name}": value for name, value in values.items()}


@pytest.mark.parametrize(
    ("kind", "name"), [("forms", FORM), ("decisions", "complaint_path"), ("documents", "problem-sheet")]
)
def test_the_list_leads_to_each_editor(office: Office, kind: str, name: str):
    client = enter(office)

    page = client.get(f"{ROOM}/{kind}")

    assert f'href="{ROOM}/{kind}/{name}"' in page.text
    assert client.get(f"{ROOM}/{kind}/{name}").status_code == 200
    assert client.get(f"{ROOM}/{kind}/nothing").status_code == 404


@pytest.mark.parametrize(
    ("kind", "name", "path"),
    [
        ("forms", "ask", f"forms/{PROCEDURE}/ask.json"),
        ("decisions", "who_pays", "who_pays.dmn"),
        ("documents", "slip-2", "documents/slip-2.typ"),
    ],
)
def test_a_new_one_is_made_opened_and_removed(office: Office, kind: str, name: str, path: str):
    client = enter(office)

    answer = client.post(f"{ROOM}/{kind}", data={"name": name, "title": "新的"})

    assert answer.location == f"{ROOM}/{kind}/{name}"
    assert client.get(answer.location).status_code == 200
    assert "新的" in read(client, path)["content"]
    assert client.post(f"{ROOM}/{kind}/{name}/remove").status_code == 303
    assert client.get(f"{ROOM}/{kind}/{name}").status_code == 404


@pytest.mark.parametrize("name", ["", "Ask", "1st", "a b", "../x", FORM])
def test_a_name_that_cannot_be_is_refused_and_nothing_is_kept(office: Office, name: str):
    client = enter(office)
    before = client.get(f"{ROOM}/state").get_json()

    answer = client.post(f"{ROOM}/forms", data={"name": name})

    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert client.get(f"{ROOM}/state").get_json() == before


def test_a_renamed_form_keeps_what_it_asks(office: Office):
    client = enter(office)
    before = json.loads(read(client, f"forms/{PROCEDURE}/{FORM}.json")["content"])

    answer = client.post(f"{ROOM}/forms/{FORM}/rename", data={"name": "sort_complaint"})

    assert answer.location == f"{ROOM}/forms/sort_complaint"
    after = json.loads(read(client, f"forms/{PROCEDURE}/sort_complaint.json")["content"])
    assert after == before | {"id": "sort_complaint"}
    assert client.get(f"{ROOM}/forms/{FORM}").status_code == 404


def test_the_preview_asks_what_staff_will_be_asked(office: Office):
    client = enter(office)

    page = client.get(f"{ROOM}/forms/{FORM}/preview")

    assert 'id="f-severity"' in page.text and "严重程度" in page.text
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]


def test_the_preview_of_a_form_with_a_fault_says_which(office: Office):
    client = enter(office)
    client.post(f"{ROOM}/forms", data={"name": "ask", "title": "问"})

    page = client.get(f"{ROOM}/forms/ask/preview")

    assert page.status_code == 200 and "表单还不能显示" in page.text and "title_en" in page.text


def test_a_changed_value_changes_its_line_of_the_file_alone(office: Office):
    client = enter(office)
    before = read(client, "procedure.toml")
    sent = posted(client.get(f"{ROOM}/parameters").text)

    same = client.post(f"{ROOM}/parameters", data=sent)
    changed = client.post(f"{ROOM}/parameters", data=sent | {"title": "受理投诉"})

    assert (same.status_code, changed.status_code) == (303, 303)
    after = read(client, "procedure.toml")
    lines = zip(before["content"].splitlines(), after["content"].splitlines(), strict=True)
    assert [new for old, new in lines if old != new] == ['title    = "受理投诉"']


def test_a_new_parameter_is_written_with_its_kind(office: Office):
    client = enter(office)
    sent = posted(client.get(f"{ROOM}/parameters").text)
    row = next(
        name for name, value in sent.items() if name.startswith("p.") and name.endswith(".name") and value == [""]
    )
    row = row.removesuffix(".name")
    new = {
        "name": "hours_to_call",
        "title": "几小时内回电",
        "title_en": "hours to call back",
        "kind": "number",
        "value": "8",
    }

    answer = client.post(f"{ROOM}/parameters", data=sent | {f"{row}.{key}": value for key, value in new.items()})

    assert answer.status_code == 303
    kept = 'hours_to_call = {value = 8, title = "几小时内回电", title_en = "hours to call back"}'
    assert kept in read(client, "procedure.toml")["content"]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [("title", "", "没有填"), ("owner", "group:none", "没有这个小组"), ("l.0.principal", "group:none", "没有这个小组")],
)
def test_a_wrong_value_is_said_at_its_field_and_nothing_is_kept(office: Office, field: str, value: str, message: str):
    client = enter(office)
    before = read(client, "procedure.toml")
    sent = posted(client.get(f"{ROOM}/parameters").text)

    answer = client.post(f"{ROOM}/parameters", data=sent | {field: value})

    assert answer.status_code == 422 and message in answer.text and 'aria-invalid="true"' in answer.text
    assert read(client, "procedure.toml") == before


@pytest.mark.parametrize(("kind", "value"), [("number", "2.5"), ("time", "25:00"), ("date", "x"), ("text", "")])
def test_a_parameter_that_is_none_of_its_kind_is_refused(office: Office, kind: str, value: str):
    client = enter(office)
    sent = posted(client.get(f"{ROOM}/parameters").text)
    row = new_row(sent, {"name": "new_one", "kind": kind, "value": value})

    answer = client.post(f"{ROOM}/parameters", data=sent | row)

    assert answer.status_code == 422 and all(f'id="{name}-error"' in answer.text for name in row if ".value" in name)


def test_of_two_people_on_the_parameters_the_later_sees_who_was_faster(office: Office):
    first, later = enter(office, 0), enter(office, 1)
    sent = posted(later.get(f"{ROOM}/parameters").text)
    first.post(f"{ROOM}/parameters", data=sent | {"title": "受理投诉"})

    answer = later.post(f"{ROOM}/parameters", data=sent | {"title": "接受投诉"})

    assert answer.status_code == 409 and "林晓梅" in answer.text and 'value="接受投诉"' in answer.text
    assert 'title    = "受理投诉"' in read(later, "procedure.toml")["content"]
    again = later.post(f"{ROOM}/parameters", data=posted(answer.text))
    assert again.status_code == 303 and 'title    = "接受投诉"' in read(later, "procedure.toml")["content"]


def test_a_paper_is_set_with_an_invented_case_and_its_fault_has_a_line(office: Office):
    client = enter(office)

    answer = client.get(f"{ROOM}/documents/problem-sheet/pages").get_json()
    assert answer["reason"] is None and answer["pages"][0].startswith("data:image/png;base64,")
    pdf = client.get(f"{ROOM}/documents/problem-sheet/paper.pdf")
    assert pdf.mimetype == "application/pdf" and pdf.data.startswith(b"%PDF")

    content = {"path": "documents/problem-sheet.typ", "content": "= Sheet\n\n#nothing", "revision": 1}
    assert client.post(f"{ROOM}/file", json=content).status_code == 200
    answer = client.get(f"{ROOM}/documents/problem-sheet/pages").get_json()
    assert answer["pages"] == [] and answer["reason"].startswith("line 3:")


def test_a_submitted_draft_is_shown_and_takes_no_change(office: Office):
    client = enter(office)
    sent = posted(client.get(f"{ROOM}/parameters").text)
    client.post(f"{ROOM}/parameters", data=sent | {"title": "受理投诉"})
    author = office.people[owners(office)[0]]
    office.engine.execute(SubmitDraft(procedure=PROCEDURE, reason="更短", effective_at=None), author)

    for kind in ("forms", "decisions", "documents"):
        page = client.get(f"{ROOM}/{kind}")
        assert page.status_code == 200 and 'id="add-name"' not in page.text
        assert client.post(f"{ROOM}/{kind}", data={"name": "more", "title": "x"}).status_code == 409
    assert f"{FORM}/remove" not in client.get(f"{ROOM}/forms/{FORM}").text
    assert 'class="btn btn-primary"' not in client.get(f"{ROOM}/parameters").text
    assert client.post(f"{ROOM}/parameters", data=sent | {"title": "又改"}).status_code == 409
