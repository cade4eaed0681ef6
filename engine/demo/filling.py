"""Fill a form with plausible values, as its schema asks: what an answer gives, else what it shows, else what fits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from engine.clock import OFFICE
from engine.demo.problems import WORDS
from engine.form_schema import Form
from engine.form_schema.field import ASKING, Field

Applies = Callable[[str, Mapping[str, Any]], bool]  # (condition, the form's own values) → whether it holds
OPTIONAL_TEXT, OPTIONAL_FILE = 0.25, 0.12  # how often somebody writes or attaches what they need not


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a person knows who fills a form.

    Attributes:
        since: The case's start: nothing was done before.
        registers: Register → the key to choose where nothing else says which.
        files: Files that may be attached, as a form takes them.
    """

    now: datetime
    since: datetime
    rng: Random
    registers: Mapping[str, str]
    files: list[dict[str, Any]]


def fill(
    form: Form, answers: Mapping[str, Any], shown: Mapping[str, Any], applies: Applies, around: Surroundings
) -> dict[str, Any]:
    """The values of a form.

    Args:
        answers: Field id → value that this person gives; None: they leave it empty.
        shown: What the form showed when it was opened: defaults and prefills.
    """
    return _filled(form.asked, answers, shown, applies, around)


def _filled(
    fields: tuple[Field, ...],
    answers: Mapping[str, Any],
    shown: Mapping[str, Any],
    applies: Applies,
    around: Surroundings,
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    visible: dict[str, Any] = {}  # as the check sees them
    for field in fields:
        if field.type not in ASKING:
            continue
        if field.routing:
            visible[field.key] = None
        if field.show_if and not applies(field.show_if, visible):
            continue
        value = answers[field.key] if field.key in answers else shown.get(field.key)
        if (value is None and field.key not in answers) or (field.required and value in (None, "", [])):
            value = _fitting(field, applies, around)
        if field.type == "dynamiclist" and value:
            value = [_filled(field.fields, {}, row, applies, around) for row in value]
        if value is not None:
            values[field.key] = value
        if field.routing:
            empty: Any = [] if field.many else False if field.type == "checkbox" else None
            visible[field.key] = empty if value is None else value
    return values


def _fitting(field: Field, applies: Applies, around: Surroundings) -> Any:
    rng = around.rng
    if field.type == "filepicker":
        return _files(field, around)
    if not field.required:
        return rng.choice(WORDS) if field.type == "textarea" and rng.random() < OPTIONAL_TEXT else None
    if field.register:
        return [around.registers[field.register]] if field.many else around.registers[field.register]
    match field.type:
        case "checkbox":
            return True
        case "radio" | "select":
            return rng.choice(field.options).value
        case "checklist":
            return [field.options[0].value]
        case "number":
            return _number(field, rng)
        case "datetime":
            return _moment(field, around)
        case "dynamiclist":
            return [_filled(field.fields, {}, {}, applies, around)]
        case _ if field.phone:
            return f"000-2000-{rng.randint(0, 9999):04d}"
    return rng.choice(WORDS)


def _number(field: Field, rng: Random) -> Any:
    least, most = max(1, int(field.least)), min(int(field.most), 5000)
    number = rng.randint(least, max(least, most))
    return f"{number}.{0:0{field.digits}d}" if field.digits else number


def _moment(field: Field, around: Surroundings) -> str:
    """A short while ago, but not before the case; a day: today."""
    moment = max(around.now - timedelta(minutes=around.rng.randint(0, 15)), around.since).astimezone(OFFICE)
    if field.subtype == "date":
        return around.now.astimezone(OFFICE).date().isoformat()
    return typed(moment) if field.subtype == "datetime" else f"{moment:%H:%M}"


def typed(moment: datetime) -> str:
    """An instant as a person types it: office time, minutes."""
    return f"{moment.astimezone(OFFICE):%Y-%m-%dT%H:%M}"


def _files(field: Field, around: Surroundings) -> list[dict[str, Any]] | None:
    pictures = not field.accept or any(part in ("image/*", ".png", "image/png") for part in field.accept)
    if not pictures or not around.files or (not field.required and around.rng.random() > OPTIONAL_FILE):
        return None
    number = around.rng.randint(1, 2) if field.multiple else 1
    return around.rng.sample(around.files, number)
