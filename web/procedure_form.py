"""procedure.toml as a form of HTML: what was posted becomes settings, or errors at their fields."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from engine.studio.procedure_settings import DATE, KINDS, NAME, NUMBER, TEXT, TIME, Parameter, ProcedureSettings, fault

DYNAMIC = "dynamic"
_BETWEEN = re.compile(r"[,，、;；\s]+")
LONGEST = 200


@dataclass(frozen=True, kw_only=True)
class Posted:
    """What came in; `errors`: name of the field → message."""

    settings: ProcedureSettings
    errors: dict[str, str]


def read(form: "MultiDict[str, str]", before: ProcedureSettings, groups: Collection[str]) -> Posted:
    """Read the posted form.

    Args:
        before: What the file says now: what the form does not ask is taken from it.
        groups: The keys of all groups.
    """
    errors: dict[str, str] = {}
    settings = replace(
        before,
        title=_text(form, "title"),
        title_en=_text(form, "title_en"),
        key=_text(form, "key"),
        owner=_text(form, "owner"),
        clauses=tuple(part for part in _BETWEEN.split(_text(form, "clauses")) if part),
        starters=tuple(one for one in form.getlist("starters") if one in before.starters or _is_group(one, groups)),
        lanes=tuple(_lanes(form, before, groups, errors)),
        parameters=tuple(_parameters(form, before, errors)),
        english=tuple(_english(form)),
    )
    for name, value in (("title", settings.title), ("title_en", settings.title_en), ("owner", settings.owner)):
        if not value:
            errors[name] = _("Missing.")
    if settings.owner and settings.owner != before.owner and not _is_group(settings.owner, groups):
        errors["owner"] = _("There is no such group.")
    return Posted(settings=settings, errors=errors)


def _lanes(
    form: "MultiDict[str, str]", before: ProcedureSettings, groups: Collection[str], errors: dict[str, str]
) -> Iterator[tuple[str, str]]:
    known = dict(before.lanes)
    for row in _rows(form, "l", "name"):
        name, principal = form[f"{row}.name"], _text(form, f"{row}.principal")
        if not principal:
            errors[f"{row}.principal"] = _("Who works in this lane? Choose a group.")
        elif principal not in (DYNAMIC, known.get(name)) and not _is_group(principal, groups):
            errors[f"{row}.principal"] = _("There is no such group.")
        yield name, principal


def _parameters(form: "MultiDict[str, str]", before: ProcedureSettings, errors: dict[str, str]) -> Iterator[Parameter]:
    known, seen = {one.name: one for one in before.parameters}, set[str]()
    for row in _rows(form, "p", "name"):
        name, title = _text(form, f"{row}.name"), _text(form, f"{row}.title")
        if f"{row}.remove" in form or not (name or title or _text(form, f"{row}.value")):
            continue
        old = known.get(name)
        kind = old.kind if old and f"{row}.kind" not in form else _text(form, f"{row}.kind")
        one = Parameter(
            name=name,
            kind=kind,
            value=_text(form, f"{row}.value") if kind != "list" or old is None else old.value,
            title=title,
            title_en=_text(form, f"{row}.title_en"),
            unit=_text(form, f"{row}.unit"),
            convention=f"{row}.convention" in form,
        )
        if NAME.fullmatch(name) is None:
            errors[f"{row}.name"] = _("Small letters, digits and _ only, a letter first: hours_to_call")
        elif name in seen:
            errors[f"{row}.name"] = _("This name is there twice.")
        if kind not in KINDS and old is None:
            errors[f"{row}.kind"] = _("Choose what kind of value it is.")
        elif fault(kind, one.value):
            errors[f"{row}.value"] = wrong_value(kind)
        seen.add(name)
        yield one


def _english(form: "MultiDict[str, str]") -> Iterator[tuple[str, str]]:
    for row in _rows(form, "e", "zh"):
        if text := _text(form, f"{row}.en"):
            yield form[f"{row}.zh"], text


def wrong_value(kind: str) -> str:
    """What a value of this kind looks like."""
    return {
        NUMBER: _("A whole number. Give hours or minutes where there are fractions."),
        TIME: _("A time of day such as 13:30"),
        DATE: _("A day such as 2026-01-31"),
        TEXT: _("Missing."),
    }.get(kind, _("Yes or no."))


def _rows(form: "MultiDict[str, str]", kind: str, name: str) -> Iterator[str]:
    number = 0
    while f"{kind}.{number}.{name}" in form:
        yield f"{kind}.{number}"
        number += 1


def _text(form: "MultiDict[str, str]", name: str) -> str:
    return " ".join(form.get(name, "").split())[:LONGEST]


def _is_group(principal: str, groups: Collection[str]) -> bool:
    kind, _colon, key = principal.partition(":")
    return kind in ("group", "head") and key in groups
