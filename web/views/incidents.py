"""作业与异常: what the system could not do by itself, for administrators."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from engine import clock
from engine.actor import ADMINISTRATOR
from engine.commands.resolve_incident import ResolveIncident
from engine.commands.retry_job import RetryJob
from engine.errors import InvalidCommand
from engine.queries import incidents, people
from web import identity, incident_words
from web.language import language
from web.naming import named
from web.permissions import access
from web.refusals import said_again

pages = Blueprint("incidents", __name__, url_prefix="/incidents")
REASON_LENGTH = 500


@pages.get("")
@access(ADMINISTRATOR)
def index() -> Any:
    with identity.reading() as connection:
        found = incidents.incidents(connection)
        load = incidents.load(connection, clock.now())
        told = {row["args"]["to"] for row in found if row["args"].get("to")}
        names = people.names(connection, told, language()) if told else {}
        senders = incidents.senders(connection, found)
        waiting = [(row, _message(connection, row)) for row in incidents.waiting_messages(connection)]
        lines = [incident_words.line(row, _step(connection, row), names) for row in found]
    return render_template("incidents/index.html", lines=lines, load=load, senders=senders, waiting=waiting)


def _step(connection: Any, row: Any) -> str:
    return named(incidents.step_name(connection, row), row["deployment_id"])


def _message(connection: Any, row: Any) -> str:
    return named(incidents.message_name(connection, row), row["deployment_id"])


@pages.post("/<hex:job_id>/retry")
@access(ADMINISTRATOR)
def retry(job_id: str) -> Any:
    identity.execute(RetryJob(job_id=job_id))
    return redirect(url_for("incidents.index", done="retry"), 303)


@pages.post("/<hex:job_id>/resolve")
@access(ADMINISTRATOR)
@said_again(lambda job_id: index())
def resolve(job_id: str) -> Any:
    reason = request.form.get("reason", "").strip()
    if not reason or len(reason) > REASON_LENGTH:
        raise InvalidCommand(field="reason")
    identity.execute(ResolveIncident(job_id=job_id, reason=reason))
    return redirect(url_for("incidents.index", done="resolve"), 303)
