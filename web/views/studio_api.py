"""What the studio's editors ask for and send, as JSON: the files of a draft, its problems, its state."""

from typing import Any

from flask import Blueprint, jsonify, request

from engine.commands.remove_draft_file import RemoveDraftFile
from engine.commands.save_draft_file import SaveDraftFile
from engine.errors import DraftChanged, DraftUnreadable, EngineError, InvalidCommand, NotFound
from engine.messages import say
from engine.queries import people, studio
from web import errors, identity, words
from web.language import language
from web.permissions import OWNERS, access

pages = Blueprint("studio_api", __name__, url_prefix="/studio/<procedure>")
NEW = 0  # the revision of a file that is not there


@pages.errorhandler(EngineError)
def refused(error: EngineError) -> Any:
    """Every refusal is {error, message}: no script reads pages."""
    if errors.status_of(error) >= 500:
        raise error
    return _answer(error)


@pages.get("/file")
@access(OWNERS)
def file(procedure: str) -> Any:
    """A file of the draft."""
    with identity.reading() as connection:
        return jsonify(_said(connection, studio.file(connection, procedure, request.args.get("path", ""))))


@pages.post("/file")
@access(OWNERS)
def save(procedure: str) -> Any:
    """Save a file: {path, content, revision} → {revision, saved_at, problems}, or why not."""
    path, content, revision = _sent()
    if not isinstance(content, str):
        raise InvalidCommand(field="content")
    try:
        raw = content.encode()
    except UnicodeEncodeError:  # half a character
        raise InvalidCommand(field="content") from None
    try:
        done = identity.execute(SaveDraftFile(procedure=procedure, path=path, content=raw, revision=revision))
    except DraftChanged as error:
        return _lost(error, procedure, path, raw)
    with identity.reading() as connection:
        found = [_problem(one) for one in studio.problems(connection, procedure)]
    return jsonify(revision=done.body["revision"], saved_at=done.at.isoformat(), problems=found)


@pages.delete("/file")
@access(OWNERS)
def remove(procedure: str) -> Any:
    """Remove a file: {path, revision} → {problems}, or why not."""
    path, _content, revision = _sent()
    try:
        identity.execute(RemoveDraftFile(procedure=procedure, path=path, revision=revision))
    except DraftChanged as error:
        return _lost(error, procedure, path, b"")
    with identity.reading() as connection:
        return jsonify(problems=[_problem(one) for one in studio.problems(connection, procedure)])


@pages.get("/problems")
@access(OWNERS)
def problems(procedure: str) -> Any:
    """What is wrong with the draft, errors first."""
    with identity.reading() as connection:
        return jsonify(problems=[_problem(one) for one in studio.problems(connection, procedure)])


@pages.get("/state")
@access(OWNERS)
def state(procedure: str) -> Any:
    """How the draft stands."""
    with identity.reading() as connection:
        found = studio.draft(connection, procedure)
        names = people.names(connection, {found.saved_by}, language())
    said = {"revision": found.revision, "state": found.state, "saved_at": found.saved_at.isoformat()}
    return jsonify(said | {"saved_by": words.principal(found.saved_by, names)})


def _sent() -> tuple[str, Any, int]:
    """Path, content and revision of the JSON that was sent."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("path"), str):
        raise InvalidCommand(field="path")
    revision = body.get("revision") or NEW
    if not isinstance(revision, int) or revision < NEW:
        raise InvalidCommand(field="revision")
    return body["path"], body.get("content"), revision


def _lost(error: DraftChanged, procedure: str, path: str, mine: bytes) -> Any:
    """Who was faster, what they saved, and what differs from what was sent."""
    with identity.reading() as connection:
        names = people.names(connection, {error.context["by"]}, language())
        try:
            theirs = _said(connection, studio.file(connection, procedure, path))
        except NotFound:  # they removed it
            theirs = {"content": None, "revision": NEW}
        changes = studio.differences(connection, procedure, path, mine) if mine else []
    said = [one.message_zh if language() == "zh_CN" else one.message_en for one in changes]
    by, at = words.principal(error.context["by"], names), error.context["at"].isoformat()
    return _answer(error, by=by, at=at, content=theirs["content"], revision=theirs["revision"], changes=said)


def _answer(error: EngineError, **more: Any) -> Any:
    body = {"error": error.code.replace(".", "_"), "message": say(error.code, language(), **error.context)}
    if isinstance(error, DraftUnreadable):
        body["message"] = " ".join([body["message"], *(_problem(one)["message"] for one in error.problems)])
    if "path" in error.context:
        body["path"] = error.context["path"]
    status = 422 if isinstance(error, InvalidCommand) else errors.status_of(error)
    return jsonify(body | more), status


def _problem(one: Any) -> dict[str, Any]:
    message = one.message_zh if language() == "zh_CN" else one.message_en
    said = {"code": one.code, "severity": one.severity, "file": one.file, "element": one.element}
    return said | {"message": message}


def _said(connection: Any, found: dict[str, Any]) -> dict[str, Any]:
    """A file with the name of who saved it."""
    names = people.names(connection, {found["saved_by"]}, language())
    by = words.principal(found["saved_by"], names)
    return {**found, "saved_by": by, "saved_at": found["saved_at"].isoformat()}
