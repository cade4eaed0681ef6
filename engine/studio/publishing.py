"""A draft becomes a version, and with it every procedure that calls it is bound to that version anew.

What is submitted is frozen: a draft's `digest` is over its files, and the log names it with each decision.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import deployments, jobs
from engine.db.models import deployment, deployment_file, job, publication
from engine.errors import DraftNotSubmitted, DraftOvertaken, DraftUnchanged, InvalidDiagram
from engine.studio import checking, deploying, drafts, telling
from engine.unit_of_work import UnitOfWork

KIND = "publish"  # of the job that waits for an effective date; its id is the draft's


def callers(connection: sa.Connection, procedure: str) -> "list[sa.Row[Any]]":
    """The versions in force that call this procedure, directly or not; called ones before their callers."""
    newest = sa.select(deployment.c.procedure, sa.func.max(deployment.c.version).label("version"))
    last = newest.group_by(deployment.c.procedure).subquery()
    in_force = sa.and_(last.c.procedure == deployment.c.procedure, last.c.version == deployment.c.version)
    bound = sa.exists().where(
        deployment_file.c.deployment_id == deployment.c.id,
        deployment_file.c.path == f"{checking.CALLS}{procedure}/{procedure}.bpmn",
    )
    number = (
        sa.select(sa.func.count())
        .where(deployment_file.c.deployment_id == deployment.c.id, deployment_file.c.path.like("calls/%.bpmn"))
        .scalar_subquery()
    )
    rows = sa.select(deployment).join(last, in_force).where(bound, deployment.c.procedure != procedure)
    return list(connection.execute(rows.order_by(number, deployment.c.procedure)))


def bundles(connection: sa.Connection, draft: "sa.Row[Any]") -> dict[str, dict[str, bytes]]:
    """Procedure → all files of its next version: the draft's own first, then those of whatever calls it."""
    own = drafts.files(connection, draft.id)
    found = {draft.procedure: checking.whole(connection, own)}
    for row in callers(connection, draft.procedure):
        caller = checking.own(deployments.files(connection, row.id))
        found[row.procedure] = checking.whole(connection, caller, found)
    return found


def require_publishable(connection: sa.Connection, draft: "sa.Row[Any]") -> None:
    """Let pass a draft that can be published as it is.

    Raises:
        InvalidDiagram: It has problems, or what calls it would have.
        DraftUnchanged: It says what the version in force says.
    """
    found = bundles(connection, draft)
    problems = list(checking.check(connection, checking.own(found[draft.procedure])))
    for files in found.values():
        problems += checking.checked(connection, files)
    if errors := [one for one in dict.fromkeys(problems) if one.severity == "error"]:
        raise InvalidDiagram(errors)
    before = deployments.current(connection, draft.procedure)
    if before is not None and before.hash == deployments.content_hash(found[draft.procedure]):
        raise DraftUnchanged(procedure=draft.procedure)


def require_as_submitted(connection: sa.Connection, draft: "sa.Row[Any]", digest: str | None = None) -> None:
    """Let pass a draft that is what was submitted, while what it was compared with is still in force.

    Args:
        digest: Of the files that the person has seen, where they say so.
    Raises:
        DraftNotSubmitted: The files are not those that were submitted.
        DraftOvertaken: Another version has come into force; one that only binds what it calls anew does not count.
    """
    files = drafts.files(connection, draft.id)
    if deployments.content_hash(files) != draft.digest or digest not in (None, draft.digest.hex()):
        raise DraftNotSubmitted(procedure=draft.procedure)
    now = deployments.current(connection, draft.procedure)
    then = draft.against
    if (now.id if now else None) == then:
        return
    if now is None or then is None or _own(connection, now.id) != _own(connection, then):
        raise DraftOvertaken(procedure=draft.procedure)


def said_of(draft: "sa.Row[Any]") -> dict[str, Any]:
    """What the log says of a draft that is decided on: never its texts."""
    return {
        "procedure": draft.procedure,
        "draft": draft.id,
        "files": draft.digest.hex(),
        "author": draft.submitted_by,
        "submitted": draft.submitted_seq,
    }


def publish(work: UnitOfWork, draft: "sa.Row[Any]", approver: str, at: datetime) -> dict[str, Any]:
    """Make the draft the version in force at `at` and bind its callers anew; it is gone. Gives what the log says."""
    title = drafts.title_of(draft.procedure, drafts.files(work.connection, draft.id))
    kept = [deploying.keep(work, files, at) for files in bundles(work.connection, draft).values()]
    first, bound = kept[0], [one for one in kept[1:] if one is not None]
    if first is None:
        raise DraftUnchanged(procedure=draft.procedure)
    who = {"author": draft.submitted_by, "approver": approver, "submitted_seq": draft.submitted_seq}
    who |= {"effective_at": max(draft.effective_at or at, at)}
    for one in (first, *bound):
        because = None if one is first else first["deployment"]
        work.connection.execute(publication.insert(), {"deployment_id": one["deployment"], "because": because, **who})
    drafts.remove(work, draft.id)
    to = (draft.submitted_by, approver)
    telling.tell(work, to, "notice.draft_published", title=title, version=first["version"])
    return {**said_of(draft), **first, "approver": approver, "bound": bound}


def schedule(work: UnitOfWork, draft: "sa.Row[Any]", at: datetime) -> None:
    """Have the draft published at an instant to come."""
    args = {"procedure": draft.procedure}
    row = {"id": draft.id, "stream": drafts.STREAM, "kind": KIND, "args": args, "due_at": at}
    work.connection.execute(job.insert(), row)


def unschedule(work: UnitOfWork, draft: "sa.Row[Any]") -> None:
    """Have it published no more."""
    jobs.remove(work.connection, draft.id)


def _own(connection: sa.Connection, deployment_id: str) -> dict[str, bytes]:
    return checking.own(deployments.files(connection, deployment_id))
