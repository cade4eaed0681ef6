"""What a paper is made of: its template from the case's deployment, and the case's data as JSON.

Read in one short transaction, as the case was when it reached the service task: what people sent later is left out, so
that a second try makes the same paper.
"""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno
import sqlalchemy as sa

from engine import deployments
from engine.canonical import canonical
from engine.clock import OFFICE
from engine.db.models import deployment, deployment_file, instance, submission, user_task
from engine.errors import PaperFailed
from engine.papers.rows import Rows
from engine.papers.words import moment, printed
from engine.settings import Settings
from engine.workflow.definition import Definition

FOLDER = "documents"
_CODE_LENGTH = 16


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where in a case a paper is due: the command that reached its service task, and what was known there."""

    case_id: str
    seq: int
    scope: str
    process: str
    known: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Material:
    """A template and its data (docs/owners of papers: processes/README.md, "Papers")."""

    template: str
    data: dict[str, Any]
    number: str


def path_of(document: str) -> str:
    """The file of a document within its procedure's."""
    return f"{FOLDER}/{document}.typ"


def gather(connection: sa.Connection, settings: Settings, place: Place, document: str, **wishes: Any) -> Material:
    """Read everything that a paper may print.

    Args:
        wishes: What the service task says besides: `copies`, `subject`.
    Raises:
        PaperFailed: The deployment has no such document.
    """
    case = connection.execute(
        sa.select(instance, deployment.c.version)
        .join(deployment, deployment.c.id == instance.c.deployment_id)
        .where(instance.c.id == place.case_id)
    ).one()
    definition = deployments.definition(connection, case.deployment_id)
    forms = _forms(connection, definition, place)
    rows = Rows(connection, [place.known, [form["values"] for form in forms], [form["by"] for form in forms], wishes])
    said = _said(definition, case.deployment_id, forms, rows, place.scope)
    data = {
        "company": settings.company,
        "paper": {
            "document": document,
            "at": place.at.astimezone(OFFICE).isoformat(),
            "day": moment(place.at.isoformat()),
            **wishes,
        },
        "case": {
            "number": case.business_key,
            "title": definition.process.title,
            "started_at": case.started_at.astimezone(OFFICE).isoformat(),
            "version": case.version,
            "url": settings.address_of(f"/cases/{case.business_key}"),
        },
        **said,
        "known": place.known,
        "rows": rows.kinds,
        "people": rows.people,
        "groups": rows.groups,
    }
    data["code"] = hashlib.sha256(canonical(data)).hexdigest()[:_CODE_LENGTH]
    data["qr"] = _qr(data["case"]["url"])
    own = place.process == definition.process.id
    prefix = "" if own else f"calls/{definition.processes[place.process].procedure}/"
    template = _template(connection, case.deployment_id, f"{prefix}{path_of(document)}")
    return Material(template=template, data=data, number=case.business_key)


def _template(connection: sa.Connection, deployment_id: str, path: str) -> str:
    query = sa.select(deployment_file.c.content).where(
        deployment_file.c.deployment_id == deployment_id, deployment_file.c.path == path
    )
    content = connection.scalar(query)
    if content is None:
        raise PaperFailed(reason=f"{path} is missing")
    return bytes(content).decode()


def _forms(connection: sa.Connection, definition: Definition, place: Place) -> list[dict[str, Any]]:
    """What people sent until then, oldest first, with the key of the form that they sent it with."""
    at_task = [submission.c[name] == user_task.c[name] for name in ("scope", "element", "round")]
    same_item = submission.c.item.is_not_distinct_from(user_task.c.item)
    query = (
        sa.select(submission, user_task.c.form)
        .outerjoin(user_task, sa.and_(user_task.c.case_id == place.case_id, *at_task, same_item))
        .where(
            submission.c.stream == place.case_id,
            submission.c.seq <= place.seq,
            submission.c.element.is_not(None),
            submission.c["values"].is_not(None),
        )
        .order_by(submission.c.seq)
    )
    found = []
    for row in connection.execute(query).mappings():
        form = row["form"]
        if form is None and (definition.process.id, row["element"]) in definition.elements:
            form = definition.form_key(definition.element(definition.process.id, row["element"]))
        found.append(
            {
                **{name: row[name] for name in ("scope", "element", "round", "item", "values", "at")},
                "form": form,
                "by": row["actor"],
            }
        )
    return found


def _said(
    definition: Definition, deployment_id: str, forms: list[dict[str, Any]], rows: Rows, scope: str
) -> dict[str, Any]:
    """`rounds`: element → everything sent for it; `said`: element → the last, of the nearest scope."""
    rounds: dict[str, list[dict[str, Any]]] = {}
    nearest: dict[str, tuple[tuple[bool, int], dict[str, Any]]] = {}
    for sent in forms:
        one = {
            "by": rows.name("person", sent["by"]),
            "at": sent["at"].astimezone(OFFICE).isoformat(),
            "on": moment(sent["at"].isoformat()),
            "round": sent["round"],
            "item": sent["item"],
            "fields": printed(deployments.form(definition, deployment_id, sent["form"]), sent["values"], rows.name),
        }
        rounds.setdefault(sent["element"], []).append(one)
        outwards = scope == sent["scope"] or scope.startswith(f"{sent['scope']}/") or not sent["scope"]
        rank = (outwards, len(sent["scope"] or "") if outwards else 0)
        if sent["element"] not in nearest or rank >= nearest[sent["element"]][0]:
            nearest[sent["element"]] = (rank, one)
    return {"rounds": rounds, "said": {element: one for element, (_, one) in nearest.items()}}


def _qr(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", border=0, xmldecl=False, svgns=True)
    return out.getvalue().decode()


def sample() -> dict[str, Any]:
    """The data of a case in which nothing has been said yet: a template must bear it, and the lint tries."""
    return {
        "company": "",
        "paper": {
            "document": "",
            "at": "2025-09-26T16:00:00+08:00",
            "day": "2025年9月26日",
            "copies": 1,
            "subject": None,
        },
        "case": {"number": "", "title": "", "started_at": "2025-09-26T16:00:00+08:00", "version": 1, "url": ""},
        **{name: {} for name in ("rounds", "said", "known", "people", "groups")},
        "rows": {},
        "code": "",
        "qr": _qr("renoflow"),
    }
