"""A form: its title, its fields and the rules between them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import ExpressionError, InvalidFormSchema
from engine.form_schema.check import Checked, FormContext, Rule, check_form
from engine.form_schema.field import ASKING, Field, JsonValue, object_schema, read_field
from engine.form_schema.problems import problems

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form that may be filled in; immutable, shared by all threads."""

    id: str
    title: str
    title_en: str
    fields: tuple[Field, ...]  # in the order of the page, shown texts included
    rules: tuple[Rule, ...] = ()

    @classmethod
    def read(cls, json: Mapping[str, Any]) -> "Form":
        """Read a form-js schema.

        Raises:
            InvalidFormSchema: With the problems that `problems` lists.
        """
        found = problems(json)
        if found:
            raise InvalidFormSchema(found)
        return cls(
            id=json.get("id", ""),
            title=json.get("title", ""),
            title_en=json.get("title_en", ""),
            fields=tuple(read_field(component) for component in json["components"]),
            rules=tuple(Rule(r["check"], r["field"], r["message"], r["message_en"]) for r in json.get("rules", ())),
        )

    @property
    def asked(self) -> tuple[Field, ...]:
        """The fields without the texts that are only shown."""
        return tuple(field for field in self.fields if field.type in ASKING)

    @property
    def json_schema(self) -> dict[str, Any]:
        """The JSON Schema (2020-12) of a submission; conditions and rules between fields are not in it."""
        return {"$schema": DIALECT, "title": self.title, **object_schema(self.fields)}

    def check(self, posted: Mapping[str, JsonValue], context: FormContext) -> Checked:
        """Check what was sent: field id → value.

        Raises:
            FormRejected: With every error found, by field; a row's field is `list.0.field`.
        """
        return check_form(self.asked, self.rules, posted, context)

    def prefilled(self, evaluate: Callable[[str], JsonValue]) -> dict[str, JsonValue]:
        """What the form shows when it is opened: defaults, and `prefill` expressions evaluated over the case.

        A prefill that can't be evaluated yet leaves its field empty: it is a convenience, never a rule.
        """
        values: dict[str, JsonValue] = {field.key: field.default for field in self.asked if field.default is not None}
        return values | {key: value for key, value in _prefills(self.asked, evaluate) if value is not None}


def _prefills(fields: Iterable[Field], evaluate: Callable[[str], JsonValue]) -> Iterable[tuple[str, JsonValue]]:
    for field in fields:
        if field.prefill:
            try:
                yield field.key, evaluate(field.prefill)
            except ExpressionError:
                continue
