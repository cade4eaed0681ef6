"""A case that never was, to look at a template with: every form filled in, every register with one row.

Of what no form answers (results of operations, inputs of a called procedure) the template says what it asks for.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from engine.db import models
from engine.db.types import Money
from engine.errors import PaperFailed
from engine.form_schema import Field, Form
from engine.papers.gathering import sample
from engine.papers.press import PRESS
from engine.papers.rows import KINDS
from engine.papers.words import moment, printed

Made = TypeVar("Made")

_AT = datetime(2025, 9, 26, tzinfo=UTC)
_DAY, _INSTANT, _TIME = "2025-09-26", "2025-09-26T14:30:00+08:00", "14:30"
_SUM, _COUNT = "1200.00", 3
_KEY, _PERSON = "demo", "1"
_NAMES = {
    **{"customer": "林婉清", "site": "枫林苑 3 幢 1202", "contract": "HT-2025-018", "crew": "铁柱施工队"},
    **{"equipment": "激光水平仪", "case": "TS-2025-0001", "department": "工程部", "group": "客服部"},
}
_SOMEBODY = "何志远"
_ROUNDS = 2
_ASKED = re.compile(r"known\(([^()]*)\)")
_PATH = re.compile(r'"([a-z_][a-z0-9_]*)\.([a-z_][a-z0-9_]*)"')
_OF_MONEY = re.compile(r"cost|sum|amount|labour|material|fee|pay|total|balance|price|refund|loss|fine|retention")
_OF_TIME = re.compile(r"_(on|at|until|date|day|from|to)$|date|month")


def case(template: str, forms: Mapping[str, Form]) -> dict[str, Any]:
    """The data of the invented case.

    Args:
        forms: Element id → its form.
    """
    data = sample()
    data["company"] = "某某家装有限公司"
    data["case"] |= {"number": "TS-2025-0001", "title": "示例案件"}
    steps = {element: _sent(form) for element, form in forms.items()}
    data["said"] = steps
    data["rounds"] = {element: [one | {"round": n + 1} for n in range(_ROUNDS)] for element, one in steps.items()}
    data["known"] = _known(template, forms)
    data["rows"] = {kind: {_KEY: _row(getattr(models, kind))} for kind in KINDS}
    data["people"] = {_PERSON: _SOMEBODY, _KEY: _SOMEBODY}
    data["groups"] = {_KEY: _NAMES["crew"]}
    return data


def pictures(template: str, forms: Mapping[str, Form]) -> list[bytes]:
    """The pages of a template as PNG; a guess that the template can't bear is left out.

    Raises:
        PaperFailed: It can't be set even with a case in which nothing has been said.
    """
    return _set(template, forms, lambda data: PRESS.pictures(template, data, _AT))


def pdf(template: str, forms: Mapping[str, Form]) -> bytes:
    """The template as PDF; raises as `pictures`."""
    return _set(template, forms, lambda data: PRESS.pdf(template, data, _AT).content)


def _set(template: str, forms: Mapping[str, Form], press: Callable[[dict[str, Any]], Made]) -> Made:
    data = case(template, forms)
    for attempt in (data, data | {"known": {}}):
        try:
            return press(attempt)
        except PaperFailed:
            continue
    return press(sample())


def _sent(form: Form) -> dict[str, Any]:
    fields = printed(form, _answers(form.asked), lambda register, _key: _NAMES.get(register, _SOMEBODY))
    return {"by": _SOMEBODY, "at": _INSTANT, "on": moment(_INSTANT), "round": 1, "item": None, "fields": fields}


def _answers(fields: Iterable[Field]) -> dict[str, Any]:
    return {field.key: _answer(field) for field in fields}


def _answer(field: Field) -> Any:
    if field.register:
        return [_KEY] if field.many else _KEY
    match field.type:
        case "checkbox":
            return True
        case "number":
            return f"{_SUM.partition('.')[0]}.{'0' * field.digits}" if field.digits else _COUNT
        case "datetime":
            return {"date": _DAY, "time": _TIME}.get(field.subtype, _INSTANT)
        case "select" | "radio":
            return field.options[0].value if field.options else ""
        case "checklist":
            return [option.value for option in field.options[:2]]
        case "filepicker":
            return [{"digest": "0" * 64, "name": f"{field.label}.jpg", "size": 1, "type": "image/jpeg"}]
        case "dynamiclist":
            return [_answers(field.fields) for _ in range(_ROUNDS)]
    return "000-1000-0001" if field.phone else f"（{field.label}）"


def _known(template: str, forms: Mapping[str, Form]) -> dict[str, Any]:
    """What the template asks the case for and no form answers."""
    found: dict[str, Any] = {}
    for asked in _ASKED.findall(template):
        for element, name in _PATH.findall(asked):
            if element not in forms:
                found.setdefault(element, {})[name] = _guess(name)
    return found


def _guess(name: str) -> str:
    if _OF_MONEY.search(name):
        return _SUM
    return _DAY if _OF_TIME.search(name) else _KEY


def _row(table: sa.Table) -> dict[str, Any]:
    return {column.name: _column(column) for column in table.c}


def _column(column: "sa.Column[Any]") -> Any:
    if isinstance(column.type, Money):
        return _SUM
    kind = column.type.python_type
    if kind is bool:
        return True
    if kind is datetime:
        return _INSTANT
    if kind is date:
        return _DAY
    if kind is int:
        return _PERSON
    if column.name in ("name", "address", "phone"):
        return {"name": _NAMES["customer"], "address": _NAMES["site"], "phone": "000-1000-0001"}[column.name]
    return _KEY
