"""Check a whole submission: what is asked, what is missing, what contradicts; every error at once.

Conditions (`show_if`) read the form's own fields above and the data of the case, so that one pass from top
to bottom suffices.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as data_field
from datetime import UTC, datetime
from typing import Any, TypeAlias

from engine.clock import OFFICE
from engine.errors import FormRejected
from engine.form_schema.expression import own_names
from engine.form_schema.field import ASKING, Field, JsonValue
from engine.form_schema.values import Rejected, canonical_value, is_empty, minutes_of

Errors: TypeAlias = "dict[str, tuple[str, dict[str, Any]]]"


@dataclass(frozen=True, kw_only=True)
class FormContext:
    """What a check may ask of its surroundings.

    Attributes:
        now: The instant of the command, aware.
        started_at: When the case started, aware; of a start form: now.
        evaluate: (expression, the form's own values by field id) → value; knows the data of the case as well.
        exists: (register, key) → whether such a row may be chosen.
    """

    now: datetime
    started_at: datetime
    evaluate: Callable[[str, Mapping[str, JsonValue]], JsonValue]
    exists: Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition between fields: `check` must be true, else `message` stands at `field`.

    With a `field` "list.column" it holds in each row of a repeated group, and reads the row's columns.
    """

    check: str
    field: str
    message: str
    message_en: str


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A submission that is right.

    Attributes:
        routing: Values that go into the log and the process data.
        everything: All values that were given; they go to the submission.
        typed_instant: When the deed was done, if the form asks for it, in UTC.
    """

    routing: dict[str, JsonValue]
    everything: dict[str, JsonValue]
    typed_instant: datetime | None


def check_form(
    fields: tuple[Field, ...], rules: tuple[Rule, ...], posted: Mapping[str, JsonValue], context: FormContext
) -> Checked:
    """Check a submission against a form's fields and rules.

    Raises:
        FormRejected: With every error found, by field.
    """
    group = _Group(context)
    group.run(fields, posted)
    group.errors |= _broken_rules(rules, group, context)
    if group.errors:
        raise FormRejected(group.errors)
    return Checked(routing=group.routing, everything=group.values, typed_instant=group.typed_instant)


@dataclass
class _Group:
    """The fields of a form, or of one row of a repeated group, as far as they are checked."""

    context: FormContext
    values: dict[str, JsonValue] = data_field(default_factory=dict)
    routing: dict[str, JsonValue] = data_field(default_factory=dict)
    visible: dict[str, JsonValue] = data_field(default_factory=dict)  # routing values, None for what is not given
    errors: Errors = data_field(default_factory=dict)
    typed_instant: datetime | None = None

    def run(self, fields: tuple[Field, ...], posted: Mapping[str, JsonValue]) -> None:
        asked = [field for field in fields if field.type in ASKING]
        for field in asked:
            try:
                self._take(field, posted.get(field.key))
            except Rejected as rejected:
                self.errors[field.key] = rejected.code, rejected.parameters
        for name in posted.keys() - {field.key for field in asked}:
            self.errors[str(name)] = "form.unknown", {"field": str(name)}

    def _take(self, field: Field, value: JsonValue) -> None:
        if field.routing:
            self.visible[field.key] = None
        if field.show_if and not self._shown(field.show_if):
            if not is_empty(field, value) and not own_names(field.show_if) & self.errors.keys():
                raise Rejected("form.not_asked")
            return
        if is_empty(field, value):
            if field.required:
                raise Rejected("form.must_tick" if field.type == "checkbox" else "form.required")
            if field.type != "checkbox" and not field.many:
                return
            value = None
        kept = canonical_value(field, value, self.context.exists)
        routing = kept
        if field.type == "dynamiclist" and isinstance(kept, list):
            kept, routing = self._rows(field, kept)
        if field.counts_as_done and isinstance(kept, str):
            self._done(datetime.fromisoformat(kept))
        self.values[field.key] = kept
        if field.routing:
            self.routing[field.key] = self.visible[field.key] = routing

    def _shown(self, condition: str) -> bool:
        """Nothing is asked because of an answer that is wrong itself."""
        if own_names(condition) & self.errors.keys():
            return False
        return self.context.evaluate(condition, self.visible) is True

    def _rows(self, field: Field, rows: list[Any]) -> tuple[list[JsonValue], list[JsonValue]]:
        groups = []
        for index, row in enumerate(rows):
            group = _Group(self.context)
            group.run(field.fields, row)
            self.errors |= {f"{field.key}.{index}.{key}": error for key, error in group.errors.items()}
            groups.append(group)
        return [group.values for group in groups], [group.routing for group in groups]

    def _done(self, typed: datetime) -> None:
        """Keep the typed instant of the deed: between the start of the case and now (procedures.md 3.68)."""
        started, now = self.context.started_at.astimezone(OFFICE), self.context.now.astimezone(OFFICE)
        if typed > now:
            raise Rejected("form.in_future", most=minutes_of(now))
        # A person types minutes: the minute in which the case started is not before its start.
        if typed < started.replace(second=0, microsecond=0):
            raise Rejected("form.too_early", least=minutes_of(started))
        self.typed_instant = max(typed, started).astimezone(UTC)


def _broken_rules(rules: Iterable[Rule], group: _Group, context: FormContext) -> Errors:
    """A rule is left out where a field that it reads is wrong already: one message at a time and place."""
    errors: Errors = {}
    for rule in rules:
        for place, values in _places(rule, group):
            if place in errors or _reads_wrong(rule, place, group.errors):
                continue
            if context.evaluate(rule.check, values) is not True:
                errors[place] = "form.rule", {"message": rule.message, "message_en": rule.message_en}
    return errors


def _places(rule: Rule, group: _Group) -> Iterator[tuple[str, Mapping[str, JsonValue]]]:
    """Where a rule holds: (key of an error, values that it reads); that of a row in each row, with its columns."""
    name, _, column = rule.field.partition(".")
    if not column:
        yield rule.field, group.visible
        return
    rows = group.visible.get(name)
    for index, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, dict):
            unseen = dict.fromkeys(own_names(rule.check))
            yield f"{name}.{index}.{column}", {**unseen, **row}


def _reads_wrong(rule: Rule, place: str, errors: Errors) -> bool:
    read = own_names(rule.check) | {rule.field}
    if place == rule.field:
        return bool(read & {key.partition(".")[0] for key in errors})
    row = place.rpartition(".")[0]
    return any(f"{row}.{name}" in errors for name in (*read, place.rpartition(".")[2]))
