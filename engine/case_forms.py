"""What a person sent with a form: checked against it, with the case's data and the registers at hand."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from engine import case_functions
from engine.errors import FormRejected
from engine.form_schema import Checked, Form, FormContext
from engine.form_schema.field import Field
from engine.registers import locks, lookup
from engine.unit_of_work import UnitOfWork

WORKING = ("department", "group")
Data = Callable[[], Mapping[str, Any]]  # element id → values, in the scope at hand; read only where the form asks


def check(
    work: UnitOfWork,
    form: Form | None,
    posted: Mapping[str, Any],
    *,
    now: datetime,
    started_at: datetime,
    data: Data = dict,
) -> Checked:
    """Check what was sent.

    Raises:
        FormRejected: With every error by field; also where values come and nothing is asked.
    """
    if form is None:
        if posted:
            raise FormRejected({str(name): ("form.unknown", {"field": str(name)}) for name in posted})
        return Checked(routing={}, everything={}, typed_instant=None)
    known: list[Mapping[str, Any]] = []  # the case's data, once a condition asks for them

    def evaluate(text: str, values: Mapping[str, Any]) -> Any:
        if not known:
            known.append(data())
        return case_functions.evaluate(work.connection, text, {**known[0], **values}, now=now, started_at=started_at)

    def exists(register: str, key: str) -> bool:
        if register == lookup.TO_END:
            locks.lock(work.connection, contracts=[key])  # of two at once one is told of the other
        return lookup.exists(work.connection, register, key)

    return form.check(posted, FormContext(now=now, started_at=started_at, evaluate=evaluate, exists=exists))


def subject(work: UnitOfWork, form: Form | None, values: Mapping[str, Any]) -> str | None:
    """What lists show of a case: the fields that the form marks, as people read them."""
    if form is None:
        return None
    parts = []
    for field in form.asked:
        value = values.get(field.key)
        if not field.subject or value in (None, "", []):
            continue
        if field.register:
            value = lookup.names(work.connection, field.register, [str(value)]).get(str(value), value)
        labels = {option.value: option.label for option in field.options}
        parts += [labels.get(str(one), str(one)) for one in (value if isinstance(value, list) else [value])]
    return " · ".join(parts)[:200] or None


def concerns(form: Form | None, values: Mapping[str, Any]) -> set[str]:
    """Every row that a form's values name, those in its lists' rows too, as "register:key".

    Departments and groups only work on a case.
    """
    named = _named(form.asked, values) if form else ()
    return {row for register, key in named if register not in WORKING for row in lookup.rows_named(register, key)}


def _named(fields: Iterable[Field], values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for field in fields:
        value = values.get(field.key)
        if field.register and value:
            yield from ((field.register, str(key)) for key in (value if field.many else [value]))
        elif field.fields:
            for row in value or ():
                yield from _named(field.fields, row)


def files_in(form: Form | None, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The files that were sent with a form: digest, name, size, type."""
    pickers = [field.key for field in form.asked if field.type == "filepicker"] if form else []
    return [file for key in pickers for file in values.get(key) or []]
