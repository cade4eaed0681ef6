"""Files that are not what they say, too large, or named to climb out of their folder."""

import resource
from collections.abc import Callable
from io import BytesIO, RawIOBase
from pathlib import Path

import pytest

from engine.commands.claim_task import ClaimTask
from engine.db.models import case_file
from engine.executor import Engine
from tests.bad_input.browsing import Browser, submission
from tests.bad_input.conftest import Open
from tests.bad_input.untouched import nothing_changes
from tests.factories import SPECIALIST

Visit = Callable[..., Browser]
PHOTO = b"\xff\xd8\xff\xe0 a photo"
MEGABYTE = 1024 * 1024


def kept_files(engine: Engine) -> list[Path]:
    return [path for path in (engine.settings.var / "files").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("virus.exe", b"MZ\x90\x00"),
        ("photo.jpg", b"MZ\x90\x00 renamed"),
        ("photo.png", b"<svg onload=alert(1)>"),
        ("letter.docx", b"MZ\x90\x00 renamed"),
        ("plan.dwg", b"\x7fELF renamed"),
        ("film.mp4", b"<html><script>"),
        ("figures.xlsx", b"<html><script>"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("page.html", b"<html><script>alert(1)</script>"),
        ("page.pdf.html", b"%PDF-1.7"),
        ("no ending", PHOTO),
        (".jpg", PHOTO),
        ("photo.jpg\u202egpj.exe", b"MZ"),
        ("empty.jpg", b""),
    ],
)
def test_a_file_of_another_kind_is_refused_and_not_kept(
    company: Engine, opened: Open, visit: Visit, name: str, content: bytes
) -> None:
    browser = visit(1)

    with nothing_changes(company):
        for path in (f"/tasks/{opened.task}/files", f"/cases/{opened.case}/files"):
            answer = browser.send(path, name, content)
            assert answer.status_code == 422
            assert "不接收这种类型的文件" in answer.text

    assert kept_files(company) == []


def test_a_wrong_file_in_a_form_is_said_at_its_field(
    company: Engine, strict: Callable[..., Open], visit: Visit
) -> None:
    task = strict().task
    sent = submission(company, task, result="settled", photos=(BytesIO(b"MZ"), "photo.jpg"))

    answer = visit(1).post(f"/tasks/{task}/complete", sent, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert 'id="f-photos-error"' in answer.text and kept_files(company) == []


@pytest.mark.parametrize("deed", ["complete", "draft"])
@pytest.mark.parametrize(("number", "status"), [(4, 403), (2, 409)])
def test_a_file_for_a_task_of_somebody_else_is_not_kept(
    company: Engine, strict: Callable[..., Open], visit: Visit, deed: str, number: int, status: int
) -> None:
    task = strict().task
    company.execute(ClaimTask(task_id=task), SPECIALIST)
    browser, sent = visit(number), submission(company, task, result="settled", photos=(BytesIO(PHOTO), "photo.jpg"))

    with nothing_changes(company):
        answer = browser.post(f"/tasks/{task}/{deed}", sent, content_type="multipart/form-data")

    assert answer.status_code == status
    assert kept_files(company) == []


@pytest.mark.parametrize(
    ("name", "kept_as"),
    [
        ("../../../etc/cron.d/evil.jpg", "evil.jpg"),
        ("..\\..\\windows\\evil.jpg", None),
        ("/etc/passwd.jpg", "passwd.jpg"),
        ("C:evil.jpg", "C:evil.jpg"),
        ("a\r\nSet-Cookie: x=1.jpg", None),
        ('"; filename="evil.exe".jpg', None),
        ("墙面\u202e\u200b.jpg", "墙面.jpg"),
        ("😀" * 300 + ".jpg", None),
        ("<script>alert(1)</script>.jpg", "script>.jpg"),
        ("=cmd|' !A0.jpg", "=cmd|' !A0.jpg"),
    ],
    ids=lambda value: str(value)[:20].encode("unicode_escape").decode(),
)
def test_a_name_leads_nowhere_and_comes_back_as_a_name(
    company: Engine, opened: Open, visit: Visit, name: str, kept_as: str | None
) -> None:
    browser = visit(1)

    answer = browser.send(f"/cases/{opened.case}/files", name, PHOTO)

    assert answer.status_code == 303
    with company.read() as connection:
        (row,) = connection.execute(case_file.select())
    assert len(row.name) <= 255 and row.name.isprintable()
    assert kept_as is None or row.name == kept_as
    digest = row.hash.hex()
    assert kept_files(company) == [company.settings.var / "files" / digest[:2] / digest]
    download = browser.get(f"/cases/{opened.case}/files/{digest}")
    assert download.data == PHOTO and "Set-Cookie" not in download.headers
    assert download.headers["Content-Disposition"].startswith("attachment;")
    assert download.headers["X-Content-Type-Options"] == "nosniff"
    assert "<script>alert" not in browser.get(f"/cases/{opened.case}?tab=files").text


class Endless(RawIOBase):
    """A body of so many bytes that is made while it is read; counts what was taken."""

    def __init__(self, size: int) -> None:
        self.left = self.size = size
        self.place = 0

    def tell(self) -> int:
        return self.place

    def seek(self, offset: int, whence: int = 0) -> int:
        self.place = self.size if whence == 2 else offset
        return self.place

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        taken = min(len(buffer), self.left)
        self.left -= taken
        return taken


@pytest.mark.parametrize("path", ["/cases/{case}/files", "/tasks/{task}/complete", "/start/one-task", "/login"])
def test_200_megabytes_are_refused_before_they_are_read(company: Engine, opened: Open, visit: Visit, path: str) -> None:
    browser, body = visit(1), Endless(200 * MEGABYTE)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with nothing_changes(company):
        answer = browser.client.post(
            path.format(case=opened.case, task=opened.task),
            input_stream=body,
            content_type="multipart/form-data; boundary=x",
        )

    assert answer.status_code == 413
    assert "20 MB" in answer.text and "压缩" in answer.text
    assert body.left == body.size
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024
    assert kept_files(company) == []


def test_a_file_over_the_limit_is_refused_and_not_kept(company: Engine, opened: Open, visit: Visit) -> None:
    browser = visit(1)

    with nothing_changes(company):
        large = PHOTO + bytes(company.settings.upload_megabytes * MEGABYTE)
        answer = browser.send(f"/cases/{opened.case}/files", "photo.jpg", large)

    assert answer.status_code == 413 and kept_files(company) == []


def test_a_body_that_ends_early_is_refused(company: Engine, opened: Open, visit: Visit) -> None:
    browser = visit(1)

    with nothing_changes(company):
        answer = browser.client.post(
            f"/cases/{opened.case}/files", data=b"--x\r\nContent-Disp", content_type="multipart/form-data; boundary=x"
        )

    assert answer.status_code == 400


def test_a_digest_does_not_fetch_the_file_of_another_case(company: Engine, opened: Open, visit: Visit) -> None:
    browser = visit(1)
    browser.send(f"/cases/{opened.case}/files", "a.jpg", PHOTO)
    (path,) = kept_files(company)
    other = browser.post("/start/one-task", {"f.caller": "甲", "f.severity": "major"}).location.split("/")[2][:32]

    assert browser.get(f"/cases/{opened.case}/files/{path.name}").status_code == 200
    assert browser.get(f"/cases/{other}/files/{path.name}").status_code == 404
    assert visit(4).get(f"/cases/{opened.case}/files/{path.name}").status_code == 404
