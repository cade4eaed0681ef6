"""The lint as publishing does it: a draft's files together with what they call, in the surroundings of this company."""

from collections.abc import Mapping
from functools import lru_cache

import sqlalchemy as sa

from engine import deployments, recurring
from engine.db.models import group_
from engine.papers.proof import flaw
from engine.service_tasks import registry
from engine.workflow import lint
from engine.workflow.lint.documents import check_kinds
from engine.workflow.lint.material import read_material

CALLS = "calls/"
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


def called(connection: sa.Connection, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of every deployed procedure that is called and not at hand; called ones hold what they call."""
    diagram = recurring.diagram_of(files)
    names = {node.xml.get("calledElement", "") for node in diagram.of_tag("callActivity")} if diagram else set()
    found: dict[str, bytes] = {}
    for name in sorted(name.replace("_", "-") for name in names):
        row = deployments.current(connection, name)
        if row is None or any(path.startswith(f"{CALLS}{name}/") for path in files):
            continue
        for path, content in deployments.files(connection, row.id).items():
            found[path if path.startswith(CALLS) else f"{CALLS}{name}/{path}"] = content
    return found


def check(connection: sa.Connection, files: Mapping[str, bytes]) -> tuple[lint.Problem, ...]:
    """Everything that is wrong with a draft's own files, or could be better, errors first; the drawing too."""
    return checked(connection, {**files, **called(connection, files)}, drawing=True)


def checked(
    connection: sa.Connection, files: Mapping[str, bytes], *, drawing: bool = False
) -> tuple[lint.Problem, ...]:
    """The lint's answer for a whole deployment, those of called procedures included."""
    groups = frozenset(connection.scalars(sa.select(group_.c.key)))
    return _checked(tuple(sorted(files.items())), groups, drawing)


def unreadable(path: str, content: bytes) -> tuple[lint.Problem, ...]:
    """Why a file can't be read as what its name says, so that no editor could open it again."""
    found = [*read_material({path: content}, "", lint.Surroundings()).problems, *check_kinds({path: content})]
    return tuple(one for one in found if one.file == path and one.code in UNREADABLE)


@lru_cache(maxsize=256)
def _checked(files: tuple[tuple[str, bytes], ...], groups: frozenset[str], drawing: bool) -> tuple[lint.Problem, ...]:
    """The lint's answer; it depends on nothing else, and stories deploy the same files a hundred times."""
    registry.load()
    operations = {name: lint.Operation(one.parameters, one.results) for name, one in registry.OPERATIONS.items()}
    surroundings = lint.Surroundings(operations=operations, groups=groups, typeset=flaw)
    return lint.check(dict(files), surroundings, drawing=drawing)
