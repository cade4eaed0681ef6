"""人员与小组: who there is, who is in which group, who heads what. Each change is a command of the stream `people`."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from engine import passwords
from engine.actor import ADMINISTRATOR, ROLES
from engine.commands.put_group import PutGroup
from engine.commands.put_person import PutPerson
from engine.errors import InvalidCommand, NotFound
from engine.queries import people
from web import identity
from web.permissions import access

pages = Blueprint("people", __name__, url_prefix="/people")
KINDS = ("department", "group", "crew")


@pages.get("")
@access(ADMINISTRATOR)
def index() -> Any:
    key, text = request.args.get("group", ""), request.args.get("q", "").strip()[:100]
    with identity.reading() as connection:
        groups, everyone = people.groups(connection), people.people(connection)
    chosen = next((one for one in groups if one["key"] == key), None)
    shown = [one for one in everyone if (not key or key in one["groups"]) and _matches(one, text)]
    names = {one["key"]: one["name"] for one in groups}
    empty = [one for one in groups if not one["members"] and one["kind"] == "group"]
    heads = {one["id"]: one["name"] for one in everyone}
    return render_template(
        "people/index.html",
        groups=groups,
        people=shown,
        chosen=chosen,
        names=names,
        empty=empty,
        text=text,
        total=len(everyone),
        heads=heads,
    )


@pages.get("/new")
@access(ADMINISTRATOR)
def new_person() -> Any:
    return _form({"id": None, "groups": [request.args.get("group", "")], "roles": [], "active": True})


@pages.get("/<int:person_id>")
@access(ADMINISTRATOR)
def person(person_id: int) -> Any:
    return _form(_found(person_id))


@pages.post("")
@access(ADMINISTRATOR)
def add_person() -> Any:
    return _put(None)


@pages.post("/<int:person_id>")
@access(ADMINISTRATOR)
def put_person(person_id: int) -> Any:
    return _put(person_id)


@pages.get("/groups/new")
@access(ADMINISTRATOR)
def new_group() -> Any:
    return _group_form(None, {})


@pages.get("/groups/<key>")
@access(ADMINISTRATOR)
def group(key: str) -> Any:
    with identity.reading() as connection:
        found = next((one for one in people.groups(connection) if one["key"] == key), None)
    if found is None:
        raise NotFound(group=key)
    return _group_form(key, dict(found))


@pages.post("/groups")
@access(ADMINISTRATOR)
def put_group() -> Any:
    form = request.form
    head, kind = form.get("head", ""), form.get("kind", "group")
    command = PutGroup(
        key=form.get("key", "").strip(),
        name=form.get("name", "").strip(),
        name_en=form.get("name_en", "").strip(),
        group_kind=kind,
        department=form.get("department") or None,
        head=_head(head),
    )
    try:
        identity.execute(command)
    except InvalidCommand as refused:
        typed = {name: form.get(name, "") for name in ("key", "name", "name_en", "kind", "department")}
        typed["head"] = command.head
        return _group_form(None, typed, str(refused.context.get("field", "key"))), 422
    return redirect(url_for("people.index", group=command.key), 303)


def _put(person_id: int | None) -> Any:
    form = request.form
    typed: dict[str, Any] = {name: form.get(name, "").strip() for name in ("username", "name", "phone", "email")}
    typed |= {"roles": form.getlist("roles"), "groups": form.getlist("groups"), "active": "active" in form}
    password = form.get("password", "")
    try:
        if not typed["name"]:
            raise InvalidCommand(field="name")
        hash_ = passwords.hashed(password) if password else None
        done = identity.execute(PutPerson(person_id=person_id, **typed, password_hash=hash_))
    except InvalidCommand as refused:
        return _form({"id": person_id, **typed}, str(refused.context.get("field", ""))), 422
    return redirect(url_for("people.person", person_id=done.body["person"], saved=1), 303)


def _form(row: dict[str, Any], error: str = "") -> str:
    with identity.reading() as connection:
        groups = people.groups(connection)
    return render_template(
        "people/person.html", row=row, groups=groups, roles=ROLES, error=error, shortest=passwords.SHORTEST
    )


def _group_form(key: str | None, row: dict[str, Any], error: str = "") -> str:
    with identity.reading() as connection:
        groups, everyone = people.groups(connection), people.people(connection)
    departments = [one for one in groups if one["kind"] == "department" and one["key"] != key]
    return render_template(
        "people/group.html", key=key, row=row, departments=departments, people=everyone, kinds=KINDS, error=error
    )


def _found(person_id: int) -> dict[str, Any]:
    with identity.reading() as connection:
        found = next((one for one in people.people(connection) if one["id"] == person_id), None)
    if found is None:
        raise NotFound(person=person_id)
    return found


def _head(text: str) -> int | None:
    """Who was chosen; a group does not lose its head over a number that is none."""
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidCommand(field="head")
    return int(text) if text else None


def _matches(one: dict[str, Any], text: str) -> bool:
    return not text or any(text in (one[name] or "") for name in ("name", "username", "phone"))
