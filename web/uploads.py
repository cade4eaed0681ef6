"""Files that people send: taken in by kind and size, kept under their digests, given out as attachments."""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from werkzeug.datastructures import FileStorage

from engine import file_store
from engine.errors import FileRefused, FileTooLarge, NotFound
from engine.readable import visible
from engine.settings import Settings

CHUNK = 1024 * 1024
LONGEST_NAME = 255
KINDS = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ppt": "application/vnd.ms-powerpoint",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".wps": "application/vnd.ms-works",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".amr": "audio/amr",
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".dwg": "application/octet-stream",
}  # by ending; nothing that a browser or a desk would run
SIGNS = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG",),
    "image/gif": (b"GIF8",),
    "image/webp": (b"RIFF",),
    "application/pdf": (b"%PDF-",),
    **{kind: (b"PK\x03\x04",) for kind in KINDS.values() if "openxmlformats" in kind},
}  # how a file of this kind begins; the others have too many ways to begin, or none
BEGINNINGS_OF_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
BEGINNINGS_OF_PAGES = (b"<html", b"<!doctype", b"<svg", b"<script", b"<?xml")
PLAIN = ("text/plain", "text/csv", "application/msword", "application/vnd.ms-excel")  # old exports are pages inside


def looked_at(file: FileStorage | None, limit_megabytes: int) -> bytes:
    """The content of a file that is shown before anything is kept; empty where none was sent.

    Raises:
        FileTooLarge: It is over so many millions of bytes.
    """
    if file is None:
        return b""
    content: bytes = file.stream.read(limit_megabytes * 1_000_000 + 1)
    file.close()  # a large one lies in a file of the system
    if len(content) > limit_megabytes * 1_000_000:
        raise FileTooLarge(limit_megabytes=limit_megabytes)
    return content


def looked_at_before(settings: Settings, digest: str, limit_megabytes: int) -> bytes:
    """A file that was kept when it was looked at, by what the page sends back.

    Raises:
        NotFound: There is none of that size, or it is gone.
    """
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise NotFound(file=digest[:64])
    path = file_store.path_of(settings, digest)
    if not path.is_file() or path.stat().st_size > limit_megabytes * 1_000_000:
        raise NotFound(file=digest)
    return path.read_bytes()


class Shelf:
    """The files of one task: those that its draft already has, and new ones.

    Attributes:
        known: What may stay when the page names its digest.
        added: What came with this request.
    """

    def __init__(self, settings: Settings, known: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self.settings, self.known = settings, dict(known or {})
        self.added: list[Mapping[str, Any]] = []

    def add(self, file: FileStorage) -> Mapping[str, Any]:
        """Keep a file.

        Raises:
            FileRefused: Its kind is not taken, or it is not what its name says.
            FileTooLarge: It is over the limit.
        """
        kept = store(self.settings, file)
        self.added.append(kept)
        return kept

    def find(self, digest: str) -> Mapping[str, Any] | None:
        """The file of this task with that digest."""
        return self.known.get(digest)


def files_in(values: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Digest → file, of the files among a draft's values."""
    lists = [value for value in values.values() if isinstance(value, list)]
    return {one["digest"]: one for found in lists for one in found if isinstance(one, dict) and "digest" in one}


def store(settings: Settings, file: FileStorage) -> dict[str, Any]:
    """Keep a file under the digest of its content: {digest, name, size, type}.

    Raises:
        FileRefused, FileTooLarge: As `Shelf.add`.
    """
    name = _name(file.filename or "")
    kind = KINDS.get(Path(name).suffix.lower())
    if kind is None:
        raise FileRefused(name=name)
    descriptor, partial = tempfile.mkstemp(dir=file_store.folder(settings), prefix="upload-")
    try:
        with os.fdopen(descriptor, "wb") as target:
            digest, size = _copied(file, target, settings.upload_megabytes, kind)
        file_store.place(settings, partial, digest)
    except BaseException:
        os.unlink(partial)
        raise
    return {"digest": digest, "name": name, "size": size, "type": kind}


def _name(given: str) -> str:
    """The name without its folders and without what is not seen."""
    last = visible(given.replace("\\", "/")).rpartition("/")[2]
    return "".join(sign if sign.isprintable() else " " for sign in last).strip()[-LONGEST_NAME:]


def _is_of_kind(start: bytes, kind: str) -> bool:
    """Whether a file that begins so may be what its ending says; an empty one is nothing."""
    if kind in SIGNS:
        return start.startswith(SIGNS[kind])
    is_page = start.lstrip(b"\xef\xbb\xbf \t\r\n")[:9].lower().startswith(BEGINNINGS_OF_PAGES)
    return bool(start) and not start.startswith(BEGINNINGS_OF_PROGRAMS) and (kind in PLAIN or not is_page)


def _copied(file: FileStorage, target: Any, limit_megabytes: int, kind: str) -> tuple[str, int]:
    total, size = hashlib.sha256(), 0
    while chunk := file.stream.read(CHUNK):
        if not size and not _is_of_kind(chunk, kind):
            raise FileRefused(name=file.filename)
        size += len(chunk)
        if size > limit_megabytes * CHUNK:
            raise FileTooLarge(limit_megabytes=limit_megabytes)
        total.update(chunk)
        target.write(chunk)
    if not size:
        raise FileRefused(name=file.filename)
    return total.hexdigest(), size
