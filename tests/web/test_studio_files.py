"""A procedure out as a ZIP and in again, in the browser: looked at first, kept only when confirmed."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from engine.actor import PROCESS_OWNER
from engine.studio import drafts, packing
from tests.web.conftest import Office

NAME = "complaint-classification"
DIAGRAM = f"{NAME}.bpmn"
CORPORA = Path(__file__).parents[3] / "shared" / "corpora" / "miwg"
PAGE = "/studio/import"
BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>'
OTHER = b'<?xml version="1.0"?><net xmlns="http://www.pnml.org/version-2009/grammar/pnml"><place id="p"/></net>'


@pytest.fixture
def client(office: Office) -> FlaskClient:
    login = next(name for name, actor in office.people.items() if PROCESS_OWNER in actor.roles)
    client = office.visit(login)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"
    return client


def send(client: FlaskClient, content: bytes, name: str = "a.zip", procedure: str = "") -> tuple[int, str]:
    """Post a form with a file, written by hand: Werkzeug's builder leaves a large one open."""
    head = f'--cut\r\nContent-Disposition: form-data; name="procedure"\r\n\r\n{procedure}\r\n'
    file = f'--cut\r\nContent-Disposition: form-data; name="package"; filename="{name}"\r\n\r\n'
    body = head.encode() + file.encode() + content + b"\r\n--cut--\r\n"
    answer = client.post(PAGE, data=body, content_type="multipart/form-data; boundary=cut")
    return answer.status_code, answer.get_data(as_text=True)


def hidden(page: str) -> dict[str, str]:
    names = ("digest", "procedure", "revision")
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in names}  # type: ignore[index]


def open_drafts(office: Office) -> dict[str, bytes]:
    with office.engine.read() as connection:
        found = drafts.find(connection, NAME)
        return drafts.files(connection, found.id) if found else {}


def test_a_version_goes_out_is_changed_and_comes_in_as_a_draft(office: Office, client: FlaskClient):
    out = client.get(f"/studio/{NAME}/zip?version=1")
    assert out.status_code == 200 and out.headers["Content-Disposition"].endswith(f"{NAME}-1.zip")
    package = packing.unpack(out.data)
    changed = dict(package.files) | {
        DIAGRAM: package.files[DIAGRAM].replace("界定严重程度".encode(), "界定投诉程度".encode())
    }

    status, page = send(client, packing.pack(NAME, changed))

    assert status == 200 and "界定投诉程度" in page and "第 1 版" in page
    assert open_drafts(office) == {}
    assert client.post(f"{PAGE}/confirm", data=hidden(page)).status_code == 303
    assert open_drafts(office) == changed


def test_what_was_saved_since_the_preview_is_not_replaced(office: Office, client: FlaskClient):
    content = client.get(f"/studio/{NAME}/zip?version=1").data
    _, page = send(client, content)
    client.post(f"/studio/{NAME}/open")

    answer = client.post(f"{PAGE}/confirm", data=hidden(page))

    assert answer.status_code == 409
    assert "替换草稿" in answer.get_data(as_text=True)
    assert open_drafts(office) == dict(packing.unpack(content).files)


def test_what_is_no_procedure_is_refused_in_words_and_not_kept(office: Office, client: FlaskClient):
    folder = office.engine.settings.var / "files"
    before = sorted(folder.rglob("*"))

    for content, status, said in (
        (b"", 422, "没有选择文件"),
        (b"GIF89a", 422, "既不是 ZIP，也不是"),
        (OTHER, 422, "既不是 ZIP，也不是"),
        (BOMB, 422, "既不是 ZIP，也不是"),
        (b"x" * 10_000_001, 413, "10 MB"),
    ):
        answered, page = send(client, content)
        assert (answered, said in page) == (status, True), content[:20]

    assert sorted(folder.rglob("*")) == before


def test_an_archive_that_climbs_out_names_its_entry(client: FlaskClient):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr(DIAGRAM, b"<a/>")
        archive.writestr("../../etc/cron.d/x", b"")

    status, page = send(client, whole.getvalue())

    assert status == 422 and "../../etc/cron.d/x 指向压缩包以外" in page


def test_a_file_of_the_archive_that_cannot_be_read_is_named(client: FlaskClient):
    files = dict(packing.unpack(client.get(f"/studio/{NAME}/zip?version=1").data).files)

    status, page = send(client, packing.pack(NAME, files | {DIAGRAM: BOMB}))

    assert status == 422 and DIAGRAM in page


def test_words_of_a_stranger_are_shown_as_words(client: FlaskClient):
    files = dict(packing.unpack(client.get(f"/studio/{NAME}/zip?version=1").data).files)
    evil = files[DIAGRAM].replace("界定严重程度".encode(), b"&lt;script&gt;alert(1)&lt;/script&gt;")

    status, page = send(client, packing.pack(NAME, files | {DIAGRAM: evil}))

    assert status == 200 and "&lt;script&gt;alert(1)" in page and "<script>alert(1)" not in page


@pytest.mark.skipif(not CORPORA.is_dir(), reason=f"LOUD SKIP: no diagrams of others in {CORPORA}")
def test_every_diagram_of_others_opens_or_is_answered_with_its_problems(client: FlaskClient):
    for path in sorted(CORPORA.glob("**/*.bpmn")):
        status, page = send(client, path.read_bytes(), path.name, procedure="of-others")

        assert status in (200, 422), path.name
        assert "必须改" in page or "没有发现问题" in page or "alert-danger" in page, path.name
