"""What a procedure may refer to outside its own files: operations, groups, forms, decisions, other processes.

The engine hands it in at deployment from its tables; `Surroundings.of_folder` reads it from `processes/` and
`forms/`, so that the command line lints a folder without a database.
"""

import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.workflow.lint.diagram import Diagram
from engine.workflow.lint.folder import diagrams_of, procedure_folders
from engine.workflow.lint.form_fields import FormFields, FormFile, read_form
from engine.workflow.lint.reading import Element, read_xml
from engine.workflow.lint.references import inputs_in, texts_of_diagram


@dataclass(frozen=True, slots=True)
class Operation:
    """A service task's operation: parameter name → is it required; `results` None: any field may be read."""

    parameters: Mapping[str, bool] = field(default_factory=dict)
    results: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Called:
    """A process that a call activity may name: the inputs that it reads, the elements whose data it has.

    `optional` inputs are read by its forms alone, which do without them.
    """

    inputs: frozenset[str] = frozenset()
    elements: frozenset[str] | None = None
    optional: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Names that exist; operations and groups are None where they are not known and so not checked.

    `given`: process id → the inputs that every known caller gives it. `typeset`: says why a paper's template can't be
    set, None where it can; without it nobody tries. `people`: "group:x" → how many are in it, "head:x" → 1 or 0; None:
    not known.
    """

    operations: Mapping[str, Operation] | None = field(default_factory=dict)
    groups: Collection[str] | None = frozenset()
    forms: Mapping[str, FormFields] = field(default_factory=dict)
    decisions: Collection[str] = frozenset()
    procedures: Mapping[str, Called] = field(default_factory=dict)
    given: Mapping[str, frozenset[str]] = field(default_factory=dict)
    typeset: Callable[[bytes], str | None] | None = None
    people: Mapping[str, int] | None = None

    @classmethod
    def of_folder(
        cls,
        processes: Path,
        forms: Path,
        operations: Mapping[str, Operation] | None,
        groups: Collection[str] | None,
        typeset: Callable[[bytes], str | None] | None = None,
        people: Mapping[str, int] | None = None,
    ) -> "Surroundings":
        """Read what the folders offer; a file that cannot be read offers nothing (linting it says why)."""
        diagrams = [found for folder in procedure_folders(processes) for found in diagrams_of(folder)]
        return cls(
            operations=operations,
            groups=groups,
            forms={
                f"{path.parent.name}/{path.stem}": read_form(path.read_bytes()).fields
                for path in sorted(forms.glob("*/*.json"))
            },
            decisions=frozenset(path.stem for path in processes.glob("*/*.dmn")),
            procedures={
                diagram.id: Called(
                    inputs_read(diagram, _tables(processes, diagram)),
                    frozenset(diagram.nodes),
                    inputs_of_forms(
                        read_form(path.read_bytes()) for path in (forms / diagram.procedure).glob("*.json")
                    ),
                )
                for diagram in diagrams
            },
            given=inputs_given(diagrams),
            typeset=typeset,
            people=people,
        )


def groups_of_company(path: Path) -> frozenset[str] | None:
    """The keys of the groups in `processes/company.toml`; None where the file is missing or unreadable."""
    try:
        company = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    found: set[str] = set()
    for section in ("groups", "departments"):
        entries = company.get(section, ())
        if isinstance(entries, Mapping):
            found.update(entries)
        else:
            found.update(str(entry.get("key", "")) for entry in entries if isinstance(entry, Mapping))
    return frozenset(found - {""})


def people_of_company(path: Path) -> dict[str, int] | None:
    """How many stand behind each group and head of `processes/company.toml`; None where it can't be read."""
    try:
        company = tomllib.loads(path.read_text("utf-8"))
        people = [one for one in company["people"].values() if one.get("active", True)]
        found = {f"group:{key}": 0 for key in company["groups"]}
        found |= {f"head:{key}": int("head" in one) for key, one in company["groups"].items()}
        for key in (f"group:{key}" for one in people for key in one.get("groups", ())):
            found[key] = found.get(key, 0) + 1
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return found


def inputs_given(diagrams: Iterable[Diagram]) -> dict[str, frozenset[str]]:
    """Process id → the names that all call activities of it give."""
    found: dict[str, frozenset[str]] = {}
    for diagram in diagrams:
        for node in diagram.of_tag("callActivity"):
            names = frozenset(key[6:] for key in node.properties if key.startswith("input."))
            called = node.xml.get("calledElement", "")
            found[called] = found[called] & names if called in found else names
    return found


def inputs_read(diagram: Diagram, tables: Iterable[Element] = ()) -> frozenset[str]:
    """The X of every `input.X` that a process reads in an expression of its diagram, or in its decisions."""
    found = {name for text in texts_of_diagram(diagram) for name in inputs_in(text)}
    found |= {name for table in tables for text in table.itertext() for name in inputs_in(str(text))}
    return frozenset(found)


def inputs_of_forms(forms: Iterable[FormFile]) -> frozenset[str]:
    """The X of every `input.X` in the prefills, conditions and rules of forms."""
    return frozenset(name for form in forms for _, text in [*form.prefills, *form.own] for name in inputs_in(text))


def tables_of(contents: Iterable[bytes]) -> list[Element]:
    """The decision files that can be read."""
    roots = (read_xml("", content)[0] for content in contents)
    return [root for root in roots if root is not None]


def _tables(processes: Path, diagram: Diagram) -> list[Element]:
    return tables_of(path.read_bytes() for path in sorted((processes / diagram.procedure).glob("*.dmn")))
