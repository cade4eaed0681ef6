"""A procedure as one ZIP, laid out as the folders keep it: `processes/<procedure>/…` and `forms/<procedure>/…`.

A stranger's archive is never unpacked onto a disk: its entries are looked at, and read one by one under a limit.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from lxml import etree

from engine.errors import PackageRefused
from engine.studio import drafts
from engine.workflow.lint.reading import children, read_xml

MOST_ENTRIES = 500
LARGEST_BYTES = 20 * 1024 * 1024  # unpacked, all files together
DIAGRAM = ".bpmn"
MADE_AT = (1980, 1, 1, 0, 0, 0)  # of every entry, so that the same files give the same archive
_BESIDE = re.compile(r"(scenarios/.*|.*\.md|\.DS_Store|Thumbs\.db|__MACOSX/.*)")  # not part of a deployment
_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED = 0x1


@dataclass(frozen=True, kw_only=True)
class Package:
    """What an uploaded file holds: paths as in `drafts.is_path`, and what of it a draft does not keep."""

    procedure: str
    files: Mapping[str, bytes]
    left_out: tuple[str, ...] = ()


def pack(procedure: str, files: Mapping[str, bytes]) -> bytes:
    """The ZIP of a procedure's own files; the same files give the same bytes."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted((place(procedure, path), content) for path, content in files.items()):
            entry = zipfile.ZipInfo(path, MADE_AT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return whole.getvalue()


def place(procedure: str, path: str) -> str:
    """Where a file of a draft lies below the folder that holds `processes/` and `forms/`."""
    return path if path.startswith("forms/") else f"processes/{procedure}/{path}"


def unpack(content: bytes, procedure: str = "") -> Package:
    """Read a ZIP of one procedure, or a single diagram.

    Args:
        procedure: The name that a single diagram gets; "" leaves it to the diagram's process.
    Raises:
        PackageRefused: It is neither, or more than a procedure can be; `reason` says why, `entry` where.
    """
    if not content:
        raise PackageRefused(reason="empty", entry="")
    if not content.startswith(_SIGNATURES):
        name = procedure or _process_of(content)
        return Package(procedure=_named(name), files={f"{name}{DIAGRAM}": content})
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = _entries(archive)
            return _sorted({entry.filename: archive.read(entry) for entry in entries})
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise PackageRefused(reason="damaged", entry="") from error


def _entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files of an archive, once it is known that they may be read."""
    found = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(archive.infolist()) > MOST_ENTRIES:
        raise PackageRefused(reason="too_many_entries", entry="", most=MOST_ENTRIES)
    if sum(entry.file_size for entry in found) > LARGEST_BYTES:
        raise PackageRefused(reason="too_large", entry="", most=LARGEST_BYTES // 1024 // 1024)
    names = [entry.filename for entry in found]
    for entry in found:
        parts = PurePosixPath(entry.filename).parts
        if entry.filename.startswith("/") or ".." in parts or "\\" in entry.filename or ":" in entry.filename:
            raise PackageRefused(reason="outside", entry=entry.filename)
        if entry.flag_bits & _ENCRYPTED:
            raise PackageRefused(reason="encrypted", entry=entry.filename)
        if names.count(entry.filename) > 1:
            raise PackageRefused(reason="twice", entry=entry.filename)
    return found


def _sorted(content: Mapping[str, bytes]) -> Package:
    """Name the files as a draft does, whatever folder stands around `processes/` and `forms/`."""
    diagrams = [path for path in content if path.endswith(DIAGRAM)]
    if len(diagrams) != 1:
        raise PackageRefused(reason="no_diagram" if not diagrams else "many_diagrams", entry=", ".join(diagrams[:3]))
    procedure = _named(PurePosixPath(diagrams[0]).stem)
    around = diagrams[0].removesuffix(f"{procedure}{DIAGRAM}")
    files, left_out = {}, []
    for path, data in content.items():
        forms = path.rfind(f"forms/{procedure}/")
        own = path[forms:] if forms >= 0 else path.removeprefix(around) if path.startswith(around) else path
        if drafts.is_path(procedure, own):
            files[own] = data
        elif _BESIDE.fullmatch(own) or _BESIDE.fullmatch(PurePosixPath(path).name):
            left_out.append(path)
        else:
            raise PackageRefused(reason="unknown_file", entry=path)
    return Package(procedure=procedure, files=files, left_out=tuple(sorted(left_out)))


def _process_of(content: bytes) -> str:
    """What a single diagram would be called: by its first process."""
    root, _problems = read_xml("", content)
    processes: list[etree._Element] = [] if root is None else list(children(root, "process"))
    if not processes:
        raise PackageRefused(reason="nothing", entry="")
    name = processes[0].get("id", "")
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _named(procedure: str) -> str:
    if not drafts.NAME.fullmatch(procedure) or len(procedure) > drafts.LONGEST_NAME:
        raise PackageRefused(reason="name", entry=procedure)
    return procedure
