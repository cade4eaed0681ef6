"""Files are kept under their digests, up to a size, of kinds that a desk does not run."""

import hashlib
import io
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage

from engine import file_store
from engine.errors import FileRefused, FileTooLarge
from engine.settings import Settings
from web.uploads import Shelf, store

PICTURE = b"\xff\xd8\xff" + b"tiles" * 100


def upload(content: bytes, name: str) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path, upload_megabytes=1)


def test_a_file_lies_under_its_digest_once(settings: Settings):
    kept = [store(settings, upload(PICTURE, name)) for name in ("北墙.jpg", r"C:\photos\same.JPG")]

    digest = hashlib.sha256(PICTURE).hexdigest()
    assert kept[0] == {"digest": digest, "name": "北墙.jpg", "size": len(PICTURE), "type": "image/jpeg"}
    assert (kept[1]["name"], kept[1]["digest"]) == ("same.JPG", digest)
    assert file_store.path_of(settings, digest).read_bytes() == PICTURE
    assert len([path for path in settings.var.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("content", "name", "error"),
    [
        (b"MZ", "setup.exe", FileRefused),
        (b"<svg>", "logo.svg", FileRefused),
        (b"<html>", "page.jpg", FileRefused),
        (b"x", "..", FileRefused),
        (b"%PDF-" + b"x" * 1024 * 1024, "large.pdf", FileTooLarge),
    ],
)
def test_what_is_refused_leaves_nothing_behind(settings: Settings, content: bytes, name: str, error: type[Exception]):
    with pytest.raises(error):
        store(settings, upload(content, name))

    assert [path for path in settings.var.rglob("*") if path.is_file()] == []


def test_a_digest_of_another_task_is_not_taken(settings: Settings):
    kept = store(settings, upload(PICTURE, "a.jpg"))

    assert Shelf(settings).find(kept["digest"]) is None
    assert Shelf(settings, {kept["digest"]: kept}).find(kept["digest"]) == kept
