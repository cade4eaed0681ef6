"""The lint as publishing does it: a draft's files together with what they call, in the surroundings of this company."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

import sqlalchemy as sa

from engine import deployments, recurring
from engine.db.models import deployment_file, group_
from engine.form_schema import problems as form_problems
from engine.papers.proof import flaw
from engine.registers import people
from engine.service_tasks import registry
from engine.workflow import lint
from engine.workflow.lint.documents import check_kinds
from engine.workflow.lint.inspection import SEVERITIES
from engine.workflow.lint.material import Material, read_material
from engine.workflow.lint.problem import problem
from engine.workflow.lint.surroundings import inputs_given

CALLS = "calls/"
NO_FORM = ("form_schema.not_a_form", "form_schema.unknown_type")
NOTHING: Mapping[str, Mapping[str, bytes]] = {}
UNREADABLE = frozenset(
    f"documents.{why}"
    for why in (
        "too_large",
        "too_many_tags",
        "empty",
        "encoding",
        "entities",
        "not_xml",
        "not_bpmn",
        "not_toml",
        "not_json",
    )
)


def own(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a deployment without those of the procedures that it calls."""
    return {path: content for path, content in files.items() if not path.startswith(CALLS)}


def whole(
    connection: sa.Connection, own: Mapping[str, bytes], instead: Mapping[str, Mapping[str, bytes]] = NOTHING
) -> dict[str, bytes]:
    """A procedure's own files with those of every deployed procedure that it calls and that are not at hand.

    A called one brings along what it calls itself. `instead`: procedure → all files of a version that is not deployed
    yet, taken before the one in force.
    """
    diagram = recurring.diagram_of(own)
    names = {node.xml.get("calledElement", "") for node in diagram.of_tag("callActivity")} if diagram else set()
    found = dict(own)
    for name in sorted(name.replace("_", "-") for name in names):
        if any(path.startswith(f"{CALLS}{name}/") for path in own):
            continue
        if name in instead:
            files = instead[name]
        elif (row := deployments.current(connection, name)) is not None:
            files = deployments.files(connection, row.id)
        else:
            continue
        for path, content in files.items():
            found[path if path.startswith(CALLS) else f"{CALLS}{name}/{path}"] = content
    return found


def check(connection: sa.Connection, files: Mapping[str, bytes]) -> tuple[lint.Problem, ...]:
    """Everything that is wrong with a draft's own files, or could be better, errors first.

    The drawing is told of too; it hinders no publishing, and so it never is an error here.
    """
    known = tuple(sorted((name, tuple(sorted(inputs))) for name, inputs in given(connection).items()))
    staffing = tuple(sorted(people.staffing(connection).items()))
    return _advised(tuple(sorted(whole(connection, files).items())), staffing, known)


@lru_cache(maxsize=64)
def _advised(
    files: tuple[tuple[str, bytes], ...],
    staffing: tuple[tuple[str, int], ...],
    given: tuple[tuple[str, tuple[str, ...]], ...],
) -> tuple[lint.Problem, ...]:
    groups = frozenset(key.partition(":")[2] for key, _ in staffing)
    around = replace(
        _surroundings(groups),
        people=dict(staffing),
        given={name: frozenset(inputs) for name, inputs in given},
    )
    found = lint.check(dict(files), around, drawing=True, hints=True, called=False)
    told = [
        replace(one, severity="warning") if one.code.startswith("drawing.") and one.severity == "error" else one
        for one in found
    ]
    return tuple(sorted(told, key=lambda one: SEVERITIES.index(one.severity)))


def given(connection: sa.Connection) -> dict[str, frozenset[str]]:
    """Process → the inputs that every procedure in force which calls it gives."""
    found: dict[str, frozenset[str]] = {}
    for row in deployments.in_force(connection):
        if row.id not in _gives:
            content = connection.scalar(
                sa.select(deployment_file.c.content).where(
                    deployment_file.c.deployment_id == row.id, deployment_file.c.path == f"{row.procedure}.bpmn"
                )
            )
            diagram = recurring.diagram_of({f"{row.procedure}.bpmn": bytes(content or b"")})
            _gives[row.id] = inputs_given([diagram] if diagram is not None else [])
        for name, inputs in _gives[row.id].items():
            found[name] = found.get(name, inputs) & inputs
    return found


_gives: dict[str, dict[str, frozenset[str]]] = {}  # deployment → what its calls give; a version never changes


def checked(connection: sa.Connection, files: Mapping[str, bytes]) -> tuple[lint.Problem, ...]:
    """The lint's answer for a whole deployment, those of called procedures included."""
    groups = frozenset(connection.scalars(sa.select(group_.c.key)))
    return _checked(tuple(sorted(files.items())), groups)


def unreadable(path: str, content: bytes) -> tuple[lint.Problem, ...]:
    """Why a file can't be read as what its name says, so that no editor could open it again."""
    material = read_material({path: content}, "", lint.Surroundings())
    found = [*material.problems, *check_kinds({path: content})]
    known = tuple(one for one in found if one.file == path and one.code in UNREADABLE)
    return known + tuple(_strange_fields(path, material))


def _strange_fields(path: str, material: Material) -> Iterator[lint.Problem]:
    """What the form editor can't show: kinds of fields that there are not."""
    for form in material.own_forms.values():
        for one in form_problems(form.json) if form.json is not None else ():
            if one.code in NO_FORM:
                reason = {"reason_zh": one.message_zh, "reason_en": one.message_en}
                yield problem("documents.form", path, one.field or None, **reason)


@lru_cache(maxsize=256)
def _checked(files: tuple[tuple[str, bytes], ...], groups: frozenset[str]) -> tuple[lint.Problem, ...]:
    """The lint's answer; it depends on nothing else, and stories deploy the same files a hundred times."""
    return lint.check(dict(files), _surroundings(groups))


def _surroundings(groups: frozenset[str]) -> lint.Surroundings:
    registry.load()
    operations = {name: lint.Operation(one.parameters, one.results) for name, one in registry.OPERATIONS.items()}
    return lint.Surroundings(operations=operations, groups=groups, typeset=flaw)
