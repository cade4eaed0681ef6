"""The commands that a story caused, as text: what reviewers compare when a diagram or the engine changes."""

import re
from collections.abc import Mapping
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from engine.canonical import canonical
from engine.clock import OFFICE
from engine.commands.keep_made import KeepMade
from engine.db.models import command, instance, person

# What differs from one playing to the next (ids, salted digests), or says again what the line says.
_PASSING = {"deployment", "digest", "task", "timer", "wait", "call", "case", "job", "message", "key", "procedure"}
_SPOKEN = {"element", "item", "event"}
_ID = re.compile(r"\b[0-9a-f]{32}(?:[0-9a-f]{32})?\b")


def chronicle(connection: sa.Connection) -> str:
    """Every command of every case: "time actor kind element {values}", and beneath it what it was told by functions.

    Cases stand in the order of their start, commands by their number; times are those of the office; people are
    named by login.
    """
    logins = {f"person:{row.id}": row.username for row in connection.execute(sa.select(person.c.id, person.c.username))}
    cases = connection.execute(sa.select(instance).order_by(instance.c.started_at, instance.c.business_key)).all()
    known = {case.id: case.business_key for case in cases}
    lines = []
    for case in cases:
        lines.append(f"{case.business_key} {case.procedure}: {case.status} {case.end_state or ''}".rstrip())
        rows = sa.select(command).where(command.c.stream == case.id).order_by(command.c.seq)
        told = [(row["kind"], row["at"], _told(row, logins, known)) for row in connection.execute(rows).mappings()]
        for (kind, _), group in groupby(told, key=lambda one: one[:2]):
            texts = [text for _, _, text in group]
            # papers that are made in one instant are kept in any order
            lines += [line for text in (sorted(texts) if kind == KeepMade.kind else texts) for line in text]
    return "\n".join(lines) + "\n"


def _told(row: sa.RowMapping, logins: Mapping[str, str], known: Mapping[str, str]) -> list[str]:
    at = row["at"].astimezone(OFFICE).strftime("%Y-%m-%d %H:%M:%S")
    where = " ".join(f"{row['body'][name]}" for name in sorted(_SPOKEN) if row["body"].get(name) is not None)
    left = {name: value for name, value in row["body"].items() if name not in _PASSING | _SPOKEN}
    actor = logins.get(row["actor"], row["actor"])
    reads = [f"    {name} {_written([*args, kwargs] if kwargs else args)} → {_written(answer)}"
             for name, args, kwargs, answer in (_read(one) for one in row["reads"])]  # fmt: skip
    lines = [f"  {at} {actor} {row['kind']} {where} {_written(left) if left else ''}".rstrip(), *reads]
    return [_readable(line, known) for line in lines]


def _read(one: list[Any]) -> tuple[str, list[Any], dict[str, Any], Any]:
    """[function, arguments, named arguments, answer]."""
    name, args, kwargs, answer = one
    return name, args, kwargs, answer


def _written(value: Any) -> str:
    return canonical(value).decode()


def _readable(line: str, known: Mapping[str, str]) -> str:
    """Ids of cases as their numbers; other ids and digests, new in each playing, as "#"."""
    return _ID.sub(lambda found: known.get(found[0], "#"), line)
