"""The daily seal: one signed page that says where every chain stood, kept in the database and outside of it.

A chain alone cannot tell that its last row, or all of it, is gone, or that somebody with the database computed it anew.
A seal can: it lists the heads (stream, seq, hash) that moved since the seal before, the Merkle root over the heads of
all chains and the hash of the seal before, signed with a key that is not in the database (decision 0014).
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from engine import merkle
from engine.canonical import canonical
from engine.db.models import access, command, instance, seal
from engine.seal_key import known_keys
from engine.settings import Settings

FIRST = "00" * 32
ACCESS = "access"  # what the chain of the access log is called among the heads
_UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, InvalidSignature)
_LAST_ROWS = sa.select(command.c.stream, sa.func.max(command.c.seq).label("seq")).group_by(command.c.stream).subquery()
_HEADS = sa.select(command.c.stream, command.c.seq, command.c.hash).join(
    _LAST_ROWS, sa.and_(command.c.stream == _LAST_ROWS.c.stream, command.c.seq == _LAST_ROWS.c.seq)
)
_OF_ACCESS = sa.select(sa.literal(ACCESS).label("stream"), access.c.seq, access.c.hash)
_HEAD_OF_ACCESS = _OF_ACCESS.order_by(access.c.seq.desc()).limit(1)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a seal says and the database, or another seal, does not.

    Attributes:
        code: seal.no_key, seal.other_key, seal.removed, seal.changed, seal.file_removed, seal.file_changed,
            seal.missing, seal.broken_chain; of a chain seal.lost_row, seal.other_history.
        day: Of the seal, "2025-11-19"; "" where it concerns no single one.
        case: The number of the case as the seal knew it.
    """

    code: str
    day: str = ""
    stream: str = ""
    seq: int = 0
    case: str | None = None


@dataclass(frozen=True, kw_only=True)
class Page:
    """A seal as it was found in one of its two places; `genuine` where its signature is ours and it says what it is."""

    text: str
    signature: bytes
    said: Mapping[str, Any]
    genuine: bool

    @property
    def digest(self) -> str:
        return sha256(self.text.encode()).hexdigest()


def make(
    connection: sa.Connection, settings: Settings, key: Ed25519PrivateKey, *, day: date, now: datetime
) -> int | None:
    """Seal a day: insert its row; gives its number, None where this day, or a later one, has its seal."""
    rows, files = _rows(connection, key.public_key()), _files(settings.seal_folder, key.public_key())
    before = _genuine(rows, files)
    if any(page.said["day"] >= day.isoformat() for page in before) or any(one >= day.isoformat() for one in rows):
        return None
    numbers = connection.scalars(sa.select(seal.c.number))
    number: int = max([0, *numbers, *(page.said["number"] for page in before)]) + 1
    known = _fold(before)
    moved = {
        row.stream: (row.seq, row.hash.hex())
        for row in (*connection.execute(_HEADS), *connection.execute(_HEAD_OF_ACCESS))
        if row.seq > known.get(row.stream, (0, ""))[0]
    }
    cases = {row.id: row.business_key for row in connection.execute(sa.select(instance.c.id, instance.c.business_key))}
    heads = [[stream, seq, digest, cases.get(stream)] for stream, (seq, digest) in sorted(moved.items())]
    known |= moved
    document = {
        "number": number,
        "day": day.isoformat(),
        "at": now.astimezone(UTC).isoformat(),
        "chains": len(known),
        "root": _root(known),
        "previous": before[-1].digest if before else FIRST,
        "heads": heads,
    }
    text = canonical(document)
    row = {"number": number, "day": day.isoformat(), "document": text.decode(), "signature": key.sign(text)}
    connection.execute(seal.insert(), row)
    return number


def write_file(connection: sa.Connection, settings: Settings) -> None:
    """Write the newest seal outside of the database, where its file is not there yet: whole or not at all."""
    row = connection.execute(sa.select(seal).order_by(seal.c.number.desc()).limit(1)).one_or_none()
    if row is None or (path := settings.seal_folder / f"{row.day}.json").exists():
        return
    content = canonical({"seal": json.loads(row.document), "signature": row.signature.hex()})
    partial = path.with_suffix(f".{os.getpid()}")
    with open(partial, "wb") as file:
        file.write(content + b"\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)


def verify(connection: sa.Connection, settings: Settings, stream: str | None = None) -> Iterator[Finding]:
    """Check all seals, and that what they sealed still stands in the chains, or in one of them."""
    public, fits = known_keys(settings)
    days = set(connection.scalars(sa.select(seal.c.day))) | {path.stem for path in _paths(settings.seal_folder)}
    if not days:
        return
    if public is None:
        yield Finding(code="seal.no_key")
        return
    if not fits:
        yield Finding(code="seal.other_key")
    rows, files = _rows(connection, public), _files(settings.seal_folder, public)
    if stream is None:
        for day in sorted(days):
            if code := _fault(rows.get(day), files.get(day)):
                yield Finding(code=code, day=day)
        yield from _chain(_genuine(rows, files))
    yield from _lost(connection, _genuine(rows, files), stream)


def _fault(row: Page | None, file: Page | None) -> str | None:
    if row is None:
        return "seal.removed"
    if not row.genuine:
        return "seal.changed"
    if file is None:
        return "seal.file_removed"
    same = file.genuine and (file.text, file.signature) == (row.text, row.signature)
    return None if same else "seal.file_changed"


def _chain(pages: Sequence[Page]) -> Iterator[Finding]:
    """Each seal follows the one before; the last one's root is that of all heads that were ever sealed."""
    number, digest = 0, FIRST
    for page in pages:
        if page.said["number"] != number + 1:
            yield Finding(code="seal.missing", day=page.said["day"])
        elif page.said["previous"] != digest:
            yield Finding(code="seal.broken_chain", day=page.said["day"])
        number, digest = page.said["number"], page.digest
    if pages and len(pages) == number and _root(_fold(pages)) != pages[-1].said["root"]:
        yield Finding(code="seal.changed", day=pages[-1].said["day"])


def _lost(connection: sa.Connection, pages: Sequence[Page], stream: str | None) -> Iterator[Finding]:
    """The first row of each chain that was sealed and is gone or another one now."""
    wanted: dict[tuple[str, int], tuple[str, str | None, str]] = {}
    for page in pages:
        for name, seq, digest, case in page.said["heads"]:
            if stream in (None, name):
                wanted[name, seq] = (digest, case, page.said["day"])
    rows = sa.text("SELECT stream, seq, hash FROM command" + (" WHERE stream = :stream" if stream else ""))
    accesses = _OF_ACCESS.where(access.c.seq.in_([seq for name, seq in wanted if name == ACCESS]))
    found: dict[tuple[str, int], Any] = {}
    for row in chain(connection.execute(rows, {"stream": stream} if stream else {}), connection.execute(accesses)):
        if (row.stream, row.seq) in wanted:
            found[row.stream, row.seq] = row.hash
    told: set[str] = set()
    for (name, seq), (digest, case, day) in sorted(wanted.items()):
        hash_now = found.get((name, seq))
        if name in told or (isinstance(hash_now, bytes) and hash_now.hex() == digest):
            continue
        told.add(name)
        code = "seal.lost_row" if hash_now is None else "seal.other_history"
        yield Finding(code=code, day=day, stream=name, seq=seq, case=case)


def _fold(pages: Sequence[Page]) -> dict[str, tuple[int, str]]:
    """Stream → (seq, hash) as the last of these seals knew it."""
    return {stream: (seq, digest) for page in pages for stream, seq, digest, _case in page.said["heads"]}


def _root(heads: Mapping[str, tuple[int, str]]) -> str:
    leaves = (canonical([stream, seq, digest]) for stream, (seq, digest) in sorted(heads.items()))
    return merkle.root(leaves).hex()


def _genuine(rows: Mapping[str, Page], files: Mapping[str, Page]) -> list[Page]:
    """The seals that bear our signature in one of their places at least, by number."""
    found: dict[int, Page] = {}
    for page in (*rows.values(), *files.values()):
        if page.genuine:
            found.setdefault(page.said["number"], page)
    return [found[number] for number in sorted(found)]


def _rows(connection: sa.Connection, public: Ed25519PublicKey) -> dict[str, Page]:
    rows = connection.execute(sa.text("SELECT number, day, document, signature FROM seal ORDER BY number"))
    return {str(row.day): _page(public, row.document, row.signature, row.day, row.number) for row in rows}


def _files(folder: Path, public: Ed25519PublicKey) -> dict[str, Page]:
    found = {}
    for path in _paths(folder):
        try:
            content = json.loads(path.read_bytes())
            text, signature = canonical(content["seal"]).decode(), bytes.fromhex(content["signature"])
            is_ours = path.read_bytes() == canonical(content) + b"\n"
        except (OSError, *_UNREADABLE):
            text, signature, is_ours = "", b"", False
        found[path.stem] = _page(public, text if is_ours else "", signature, path.stem)
    return found


def _paths(folder: Path) -> list[Path]:
    return sorted(folder.glob("????-??-??.json"))


def _page(public: Ed25519PublicKey, text: Any, signature: Any, day: str, number: int | None = None) -> Page:
    try:
        public.verify(signature, text.encode())
        said = json.loads(text)
        genuine = said["day"] == day and number in (None, said["number"])
    except _UNREADABLE:
        said, genuine = {}, False
    return Page(text=str(text), signature=bytes(signature or b"") if genuine else b"", said=said, genuine=genuine)
