"""Whom or what the item of a multi-instance step stands for."""

import sqlalchemy as sa

from engine import deployments
from engine.errors import ExpressionError
from engine.registers import lookup
from engine.workflow import expressions
from engine.workflow.definition import Definition, Element


def principal(connection: sa.Connection, deployment_id: str, element: str | None, item: str) -> str:
    """The principal key of an item: a key that is one, a person where the list is of people, else a group's.

    A row without a key is known by its place in the list, a number like a person's: what the list is of decides.
    """
    if ":" in item:
        return item
    definition = deployments.definition(connection, deployment_id)
    found = next((one for one in definition.elements.values() if one.id == element), None)
    people = item.isdigit() and found is not None and _of_people(definition, found)
    return f"person:{item}" if people else f"group:{item}"


def _of_people(definition: Definition, element: Element) -> bool:
    try:
        names = expressions.compile(element.properties.get("for_each", "[]")).names()
    except ExpressionError:
        return False
    return any(_is_of_people(definition, *name.partition(".")[::2]) for name in names)


def _is_of_people(definition: Definition, source: str, field: str) -> bool:
    """A field that refers to people, or what an operation gives: their lists are of people's numbers."""
    found = next((one for one in definition.elements.values() if one.id == source), None)
    if found is None or found.kind == "serviceTask":
        return found is not None
    schema = definition.forms.get(definition.form_key(found) or "", {})
    return any(
        one.get("key") == field and one.get("properties", {}).get("register") in lookup.OF_PEOPLE
        for one in schema.get("components", [])
    )
