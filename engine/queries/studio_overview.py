"""What the studio shows of all procedures: versions in force and earlier ones, drafts, what waits for whom."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine import deployments
from engine.actor import Actor
from engine.db.models import deployment, instance, procedure_draft, publication, submission
from engine.errors import DraftUnchanged, InvalidDiagram
from engine.studio import drafts, options, publishing

_RUNNING = (
    sa.select(sa.func.count())
    .where(instance.c.deployment_id == deployment.c.id, instance.c.status.in_(("running", "suspended")))
    .scalar_subquery()
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A procedure with what is in force of it and what is being changed; one that is new has no version."""

    procedure: str
    title: str
    deployment_id: str | None = None
    version: int | None = None
    since: Any = None
    running: int = 0  # cases of all its versions
    draft: "sa.Row[Any] | None" = None
    reason: str = ""  # why the draft is made, or was returned
    waits_for_me: bool = False


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What may be decided on a draft, by the person who looks at it.

    Attributes:
        problems: What forbids to publish it; those of its callers included.
        bound: (procedure, title, deployment id) of what is bound to it anew.
        is_own: It was submitted by who looks at it, and somebody else must approve it.
    """

    draft: "sa.Row[Any]"
    problems: tuple[Any, ...]
    unchanged: bool
    bound: tuple[tuple[str, str, str], ...]
    is_own: bool
    reason: str  # of the submission
    returned: str  # why it was returned last


def lines(connection: sa.Connection, actor: Actor) -> list[Line]:
    """All procedures by title, new ones that were never published first."""
    newest = sa.select(deployment.c.procedure, sa.func.max(deployment.c.version).label("version"))
    last = newest.group_by(deployment.c.procedure).subquery()
    same = sa.and_(last.c.procedure == deployment.c.procedure, last.c.version == deployment.c.version)
    in_force = connection.execute(sa.select(deployment).join(last, same).order_by(deployment.c.title)).all()
    open_ones = {row.procedure: row for row in connection.execute(sa.select(procedure_draft))}
    four_eyes = options.is_on(connection, options.FOUR_EYES)
    running = _running(connection)

    def of_draft(draft: "sa.Row[Any] | None") -> dict[str, Any]:
        if draft is None:
            return {}
        seq = draft.submitted_seq if draft.state != drafts.EDITING else draft.returned_seq
        own = four_eyes and draft.submitted_by == actor.key
        waits = draft.state == drafts.SUBMITTED and not own
        return {"draft": draft, "reason": _reason(connection, seq), "waits_for_me": waits}

    new = [
        Line(procedure=name, title=drafts.title_of(name, drafts.files(connection, row.id)), **of_draft(row))
        for name, row in sorted(open_ones.items())
        if name not in {one.procedure for one in in_force}
    ]
    known = [
        Line(
            procedure=row.procedure,
            title=row.title,
            deployment_id=row.id,
            version=row.version,
            since=row.deployed_at,
            running=running.get(row.procedure, 0),
            **of_draft(open_ones.get(row.procedure)),
        )
        for row in in_force
    ]
    return new + known


def title(connection: sa.Connection, procedure: str) -> tuple[str, str | None]:
    """What people call a procedure, and the deployment in force that says so; None where there is only a draft.

    Raises:
        NotFound: There is neither.
    """
    row = deployments.current(connection, procedure)
    if row is not None:
        return str(row.title), str(row.id)
    draft = drafts.require(connection, procedure)
    return drafts.title_of(procedure, drafts.files(connection, draft.id)), None


def versions(connection: sa.Connection, procedure: str) -> list[sa.RowMapping]:
    """The versions of a procedure, newest first: who made and approved each, why, since when, how many cases run it.

    `because` is the title of the procedure that was published, where a version only binds that one anew.

    Raises:
        NotFound: There is no such procedure, and no draft of one.
    """
    cause = deployment.alias()
    said = sa.and_(submission.c.stream == drafts.STREAM, submission.c.seq == publication.c.submitted_seq)
    rows = (
        sa.select(
            deployment,
            publication.c.author,
            publication.c.approver,
            publication.c.effective_at,
            submission.c["values"].label("said"),
            cause.c.title.label("because"),
            cause.c.id.label("because_id"),
            _RUNNING.label("running"),
        )
        .outerjoin(publication, publication.c.deployment_id == deployment.c.id)
        .outerjoin(submission, said)
        .outerjoin(cause, cause.c.id == publication.c.because)
        .where(deployment.c.procedure == procedure)
        .order_by(deployment.c.version.desc())
    )
    found = list(connection.execute(rows).mappings())
    if not found:
        drafts.require(connection, procedure)
    return found


def find_draft(connection: sa.Connection, procedure: str) -> "sa.Row[Any] | None":
    """The draft of a procedure, if it has one."""
    return drafts.find(connection, procedure)


def decision(connection: sa.Connection, actor: Actor, procedure: str) -> Decision:
    """What may be decided on a procedure's draft.

    Raises:
        NotFound: It has none.
    """
    draft = drafts.require(connection, procedure)
    problems: tuple[Any, ...] = ()
    unchanged = False
    try:
        publishing.require_publishable(connection, draft)
    except InvalidDiagram as error:
        problems = error.problems
    except DraftUnchanged:
        unchanged = True
    return Decision(
        draft=draft,
        problems=problems,
        unchanged=unchanged,
        bound=tuple((one.procedure, one.title, one.id) for one in publishing.callers(connection, procedure)),
        is_own=draft.submitted_by == actor.key and options.is_on(connection, options.FOUR_EYES),
        reason=_reason(connection, draft.submitted_seq),
        returned=_reason(connection, draft.returned_seq),
    )


def parts(connection: sa.Connection, procedure: str) -> dict[str, int] | None:
    """How many forms, decision tables and papers a procedure's draft has; None without a draft."""
    draft = drafts.find(connection, procedure)
    if draft is None:
        return None
    paths = drafts.paths(connection, draft.id)
    ends = {"forms": ".json", "decisions": ".dmn", "documents": ".typ"}
    return {name: sum(path.endswith(end) for path in paths) for name, end in ends.items()}


def four_eyes(connection: sa.Connection) -> bool:
    """Whether somebody else must approve what one submitted."""
    return options.is_on(connection, options.FOUR_EYES)


def _reason(connection: sa.Connection, seq: int | None) -> str:
    """The reason that a command of the definitions' stream was given; "" where it was erased."""
    if seq is None:
        return ""
    row = sa.select(submission.c["values"]).where(submission.c.stream == drafts.STREAM, submission.c.seq == seq)
    values = connection.scalar(row)
    return str(values["reason"]) if values else ""


def _running(connection: sa.Connection) -> dict[str, int]:
    rows = sa.select(instance.c.procedure, sa.func.count()).where(instance.c.status.in_(("running", "suspended")))
    return {row[0]: row[1] for row in connection.execute(rows.group_by(instance.c.procedure))}
