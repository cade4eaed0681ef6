"""Rows outside of the log, and contents outside of the database, that the log speaks of: do they say the same?

Deployments, uploaded files, people, groups and registers; and lists of cases that name none. Columns that operations of
a case write too (a site's foreman, a crew's state) are not compared here: the log has no single place for them.
"""

import hashlib
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine import deployments, file_store
from engine.db.models import (
    breach,
    case_file,
    command,
    concern,
    deadline_met,
    deployment,
    deployment_file,
    file,
    group_,
    inbox,
    instance,
    job,
    ledger_entry,
    ledger_posting,
    membership,
    message_wait,
    metadata,
    party,
    person,
    publication,
    submission,
    user_task,
)
from engine.db.types import UtcDateTime, hex_text
from engine.errors import NotFound
from engine.registers import money, people, rows
from engine.settings import Settings

OF_CASES = (user_task, breach, deadline_met, party, concern, message_wait, case_file)
BY_OPERATIONS = {"site": {"foreman", "crew"}, "contract": {"status", "cancelled_on"}, "crew": {"state", "departed_on"}}
_OF_PERSON = ("username", "name", "phone", "email", "subject", "language", "roles", "active")
_OF_GROUP = ("kind", "name", "name_en", "department", "head")
_CHUNK = 1 << 20
_DIGIT, _SECOND = "[0-9]", "dddd-dd-dd dd:dd:dd"
_INSTANT = [form.replace("d", _DIGIT) for form in (_SECOND, f"{_SECOND}.dddddd")]
_UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, sa.exc.StatementError)
Said = dict[tuple[str, str], dict[str, tuple[Any, int]]]  # (table, key) → column → value, number of the command


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What differs; `code` is log.changed_deployment, log.changed_row, log.stray_row, file.changed or file.missing."""

    code: str
    stream: str = ""
    seq: int = 0
    about: str = ""


def verify(connection: sa.Connection) -> Iterator[Finding]:
    """Compare what needs nothing but the database."""
    for code, part in (
        ("log.changed_deployment", _deployments),
        ("log.changed_row", _people),
        ("log.changed_row", _registers),
        ("log.changed_row", _money),
        ("log.stray_row", _strays),
        ("log.changed_row", _misspelt),
    ):
        try:
            yield from part(connection)
        except _UNREADABLE as error:
            yield Finding(code=code, about=repr(error))


# Deployments


def _deployments(connection: sa.Connection) -> Iterator[Finding]:
    """What is deployed is what was logged as deployed, with who made and approved it, and nothing else is."""
    found = {row["id"]: row for row in connection.execute(sa.select(deployment)).mappings()}
    columns = (publication.c.deployment_id, publication.c.author, publication.c.approver, publication.c.because)
    signed = {row[0]: tuple(row[1:]) for row in connection.execute(sa.select(*columns))}
    log = sa.select(command).where(command.c.stream == "definitions").order_by(command.c.seq)
    for row in connection.execute(log).mappings():
        body = row["body"]
        for said in _published(body):
            key = said["deployment"]
            because = body["deployment"] if said is not body else None
            who = (body["author"], body["approver"], because) if "approver" in body else None
            one = found.pop(key, None)
            if one is None or signed.pop(key, None) != who or not _is_as_said(connection, one, said, row):
                about = f"{said['procedure']} {said['version']}"
                yield Finding(code="log.changed_deployment", stream="definitions", seq=row["seq"], about=about)
    for unknown in found.values():
        about = f"{unknown['procedure']} {unknown['version']}"
        yield Finding(code="log.changed_deployment", stream="definitions", about=about)
    for key in signed:
        yield Finding(code="log.stray_row", about=f"publication {key}")
    lonely = sa.select(deployment_file.c.deployment_id, deployment_file.c.path).where(
        ~sa.exists().where(deployment.c.id == deployment_file.c.deployment_id)
    )
    for key, path in connection.execute(lonely):
        yield Finding(code="log.stray_row", about=f"deployment_file {key} {path}")


def _published(body: Any) -> Iterator[Mapping[str, Any]]:
    """What a command has published: itself, or what a list in its body tells."""
    if isinstance(body, Mapping):
        if {"deployment", "procedure", "version", "hash"} <= body.keys():
            yield body
        for value in body.values():
            for one in value if isinstance(value, list) else ():
                yield from _published(one)


def _is_as_said(connection: sa.Connection, one: Any, said: Mapping[str, Any], row: Any) -> bool:
    try:
        files = deployments.files(connection, one["id"])
        title = tomllib.loads(files["procedure.toml"].decode()).get("title", one["title"])
        wanted = bytes.fromhex(said["hash"])
    except (*_UNREADABLE, NotFound):
        return False
    facts = (one["procedure"], one["version"], bytes(one["hash"]), deployments.content_hash(files), one["title"])
    who = (one["deployed_by"], one["deployed_at"])
    return facts == (said["procedure"], said["version"], wanted, wanted, title) and who == (row["actor"], row["at"])


# People, groups, registers, money


def _logged(connection: sa.Connection, stream: str) -> Iterator[tuple[Any, Mapping[str, Any], Mapping[str, Any]]]:
    """(row of the log, its body, what was sent with it; empty where it was erased)."""
    same = sa.and_(submission.c.stream == command.c.stream, submission.c.seq == command.c.seq)
    log = sa.select(command, submission.c["values"]).join(submission, same, isouter=True)
    for row in connection.execute(log.where(command.c.stream == stream).order_by(command.c.seq)).mappings():
        yield row, row["body"], row["values"] or {}


def _people(connection: sa.Connection) -> Iterator[Finding]:
    said: Said = {}
    groups: dict[str, tuple[set[str], int]] = {}
    for row, body, sent in _logged(connection, people.STREAM):
        seq = row["seq"]
        if row["kind"] == "import_rows":
            changes = [(str(one["key"]), {**one["values"], **sent.get(one["key"], {})}) for one in body["rows"]]
        elif "person" in body:
            changes = [(str(body["person"]), {**body, **sent})]
        else:
            changes = [] if "group" not in body else [(body["group"], {**body, **sent})]
        of_group = "group" in body
        for key, values in changes:
            names = _OF_GROUP if of_group else _OF_PERSON
            kept = {name: (values[name], seq) for name in names if name in values}
            said.setdefault(("group_" if of_group else "person", key), {}).update(kept)
            if not of_group and (given := values.get("groups")) is not None:
                groups[key] = (set(given.split(",") if isinstance(given, str) else given) - {""}, seq)
    yield from _compared(connection, person, "id", said)
    yield from _compared(connection, group_, "key", said)
    found: dict[str, set[str]] = {}
    for row in connection.execute(sa.select(membership)):
        found.setdefault(str(row.person_id), set()).add(row.group_key)
    for key in sorted(groups.keys() | found.keys()) if groups else ():
        wanted, seq = groups.get(key, (set(), 0))
        if wanted != found.get(key, set()):
            yield Finding(code="log.changed_row", stream=people.STREAM, seq=seq, about=f"membership {key}")


def _registers(connection: sa.Connection) -> Iterator[Finding]:
    said: Said = {}
    for row, body, sent in _logged(connection, rows.STREAM):
        if row["kind"] == "put_register_row":
            changes = [(body["key"], {**body["values"], **sent})]
        elif row["kind"] == "import_rows" and body["register"] in rows.TABLES:
            changes = [(one["key"], {**one["values"], **sent.get(one["key"], {})}) for one in body["rows"]]
        else:
            continue
        for key, values in changes:
            kept = said.setdefault((body["register"], key), {})
            kept.update({name: (value, row["seq"]) for name, value in values.items()})
    for name, table in rows.TABLES.items():
        yield from _compared(connection, table, "key", said, BY_OPERATIONS.get(name, ()))


def _compared(
    connection: sa.Connection, table: sa.Table, key: str, said: Said, besides: Collection[str] = ()
) -> Iterator[Finding]:
    """Each row against what the log says last of each of its columns; rows that it does not know, or that it misses.

    A table of which the log tells nothing at all was filled by other means than commands.
    """
    stream = people.STREAM if table in (person, group_) else rows.STREAM
    wanted = {known: columns for (name, known), columns in said.items() if name == table.name}
    if not wanted:
        return
    for row in connection.execute(sa.select(table)).mappings():
        columns = wanted.pop(str(row[key]), None)
        if columns is None:
            yield Finding(code="log.changed_row", stream=stream, about=f"{table.name} {row[key]}")
            continue
        for name, (value, seq) in columns.items():
            if name not in besides and rows.plain(row[name]) != _plain(table, name, value):
                yield Finding(code="log.changed_row", stream=stream, seq=seq, about=f"{table.name} {row[key]}: {name}")
    for known, columns in wanted.items():
        seq = max((seq for _, seq in columns.values()), default=0)
        yield Finding(code="log.changed_row", stream=stream, seq=seq, about=f"{table.name} {known}")


def _plain(table: sa.Table, name: str, value: Any) -> Any:
    return rows.plain(rows.columns(table.name, {name: value})[name]) if table.name in rows.TABLES else value


def _money(connection: sa.Connection) -> Iterator[Finding]:
    """Money that no case has moved stands in the ledger as it was entered."""
    entries = {row["id"]: dict(row) for row in connection.execute(sa.select(ledger_entry)).mappings()}
    posted: dict[str, dict[str, Any]] = {}
    last = ("", 0)
    for one in connection.execute(sa.select(ledger_posting).order_by(ledger_posting.c.entry, ledger_posting.c.n)):
        posted.setdefault(one.entry, {})[one.account] = one.amount
        follows, last = one.n == (last[1] + 1 if last[0] == one.entry else 1), (one.entry, one.n)
        if not follows:
            yield Finding(code="log.changed_row", stream=rows.STREAM, about=f"ledger_posting {one.entry} {one.n}")
    for row, body, _ in _logged(connection, rows.STREAM):
        if row["kind"] == "enter_money":
            entry = entries.get(body["entry"], {})
            same = (entry.get("kind"), entry.get("about")) == (body["purpose"], body["about"])
            same &= entry.get("at") == row["at"]
            postings, payer = posted.get(body["entry"], {}), body["payer"]
            same &= postings.get(body["receiver"]) == money.fen(body["amount"])
            same &= postings.keys() <= {body["receiver"], payer, payer.replace("retention:", "crew:", 1)}
            if not same:
                about = f"ledger_entry {body['entry']}"
                yield Finding(code="log.changed_row", stream=rows.STREAM, seq=row["seq"], about=about)


# Lists of cases, and files


def _strays(connection: sa.Connection) -> Iterator[Finding]:
    """Rows of lists that belong to no case, or to no task that there is."""
    for table in OF_CASES:
        lonely = sa.select(table.c.case_id).where(~sa.exists().where(instance.c.id == table.c.case_id)).distinct()
        for key in connection.scalars(lonely):
            yield Finding(code="log.stray_row", stream=key, about=table.name)
    offered = sa.select(inbox.c.task_id).where(~sa.exists().where(user_task.c.id == inbox.c.task_id)).distinct()
    for key in connection.scalars(offered):
        yield Finding(code="log.stray_row", about=f"inbox {key}")
    of_case = sa.and_(sa.func.length(job.c.stream) == 32, ~sa.exists().where(hex_text(instance.c.id) == job.c.stream))
    for row in connection.execute(sa.select(job.c.id, job.c.stream).where(of_case)):
        yield Finding(code="log.stray_row", stream=row.stream, about=f"job {row.id}")


def _misspelt(connection: sa.Connection) -> Iterator[Finding]:
    """In SQLite, instants that Python reads although they are not written as we write them."""
    if connection.dialect.name != "sqlite":
        return
    for table in metadata.sorted_tables:
        if table in (command, submission):  # told by their hash, and by one another
            continue
        instants = [column for column in table.c if isinstance(column.type, UtcDateTime)]
        texts = [sa.type_coerce(column, sa.Text) for column in instants]
        wrong = [sa.and_(*(sa.not_(one.bool_op("GLOB")(form)) for form in _INSTANT)) for one in texts]
        of_case = next((table.c[name] for name in ("case_id", "stream") if name in table.c), sa.null())
        stream = table.c.id if table is instance else of_case
        for (name,) in connection.execute(sa.select(stream).where(sa.or_(sa.false(), *wrong)).distinct()):
            yield Finding(code="log.changed_row", stream=name or "", about=table.name)


def files(connection: sa.Connection, settings: Settings, stream: str | None = None) -> Iterator[Finding]:
    """Each uploaded file, of all cases or of one: its content and its row still say the digest under which it lies."""
    of_case = sa.select(case_file.c.case_id, case_file.c.seq, case_file.c.hash, case_file.c.at, file)
    of_case = of_case.join(file, file.c.hash == case_file.c.hash, isouter=True).order_by(case_file.c.at)
    if stream is not None:
        of_case = of_case.where(case_file.c.case_id == stream)
    known: dict[bytes, str | None] = {}
    for row in connection.execute(of_case):
        digest = bytes(row[2])
        if digest not in known:
            known[digest] = _fault(settings, digest.hex(), row)
        if code := known[digest]:
            yield Finding(code=code, stream=row.case_id, seq=row.seq, about=digest.hex())
    if stream is None:
        unused = sa.select(file.c.hash).where(~sa.exists().where(case_file.c.hash == file.c.hash))
        for digest in connection.scalars(unused):
            yield Finding(code="log.stray_row", about=f"file {bytes(digest).hex()}")


def _fault(settings: Settings, digest: str, row: Any) -> str | None:
    path = file_store.path_of(settings, digest)
    if row.size_bytes is None or not path.is_file():
        return "file.missing"
    made, size = hashlib.sha256(), 0
    with open(path, "rb") as content:
        while piece := content.read(_CHUNK):
            made.update(piece)
            size += len(piece)
    return None if (made.hexdigest(), size) == (digest, row.size_bytes) else "file.changed"
