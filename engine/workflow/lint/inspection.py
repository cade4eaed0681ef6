"""Puts the rules together: files in, problems out, never an exception."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from engine.workflow.lint import (
    cells,
    deadlines,
    decisions,
    documents,
    earlier,
    events,
    expressions,
    gateways,
    names,
    papers,
    people,
    structure,
    tasks,
)
from engine.workflow.lint import drawing as drawing_rules
from engine.workflow.lint.material import Material, called_in, read_material
from engine.workflow.lint.problem import Problem
from engine.workflow.lint.surroundings import Surroundings, inputs_given

Rule: TypeAlias = Callable[[Material], Iterator[Problem]]
RULES: tuple[Rule, ...] = (
    documents.check, structure.check, gateways.check, events.check, deadlines.check, tasks.check, expressions.check,
    earlier.check, cells.check, decisions.check, names.check, papers.check,
    people.check,
)  # fmt: skip
CALLS = "calls/"
SEVERITIES = ("error", "warning", "hint")


def check(
    files: Mapping[str, bytes],
    surroundings: Surroundings,
    *,
    drawing: bool = False,
    hints: bool = False,
    called: bool = True,
) -> tuple[Problem, ...]:
    """Say everything that is wrong with the files of one deployment, errors first.

    Args:
        files: "<procedure>.bpmn", "<decision>.dmn", "procedure.toml", "forms/<form>.json", and of every called
            procedure the same below "calls/<procedure>/".
        surroundings: What exists besides these files.
        drawing: Check the diagram interchange of the procedure itself too (drawing_checks.py).
        hints: Ask too what only the editor asks (texts.HINTS).
        called: Check the called procedures too, and not only against them: those in force were checked when published.
    """
    found = documents.refusals(files)
    if found:
        return tuple(found)
    found += documents.check_kinds(files)
    others = [read_material(files, prefix, surroundings) for prefix in _prefixes(files)]
    own = read_material(files, "", surroundings)
    known = called_in([*others, own])
    given = {**surroundings.given, **inputs_given(diagram for one in (own, *others) for diagram in one.diagrams)}
    for material in (own, *(others if called else ())):
        material.called, material.given = known, given
        found += material.problems
        for rule in RULES:
            found += rule(material)
        if drawing and material is own:  # that of what is called is looked at with its own procedure
            found += drawing_rules.check(material)
    unique = dict.fromkeys(one for one in found if hints or one.severity != "hint")
    return tuple(sorted(unique, key=lambda one: (SEVERITIES.index(one.severity), one.file)))


def _prefixes(files: Mapping[str, bytes]) -> list[str]:
    parts = (name.split("/") for name in files if name.startswith(CALLS))
    return sorted({f"{CALLS}{path[1]}/" for path in parts if len(path) > 2})
