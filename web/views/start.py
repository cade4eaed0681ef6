"""发起流程: the procedures that a person may start, and their start forms."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from engine.commands.start_process import StartProcess
from engine.errors import FormRejected
from engine.form_schema import Form
from engine.queries import customer, definitions
from web import identity, uploads
from web.form_fields import Posted, posted_values
from web.permissions import STAFF, access
from web.task_form import ShownForm, shown_form

pages = Blueprint("start", __name__, url_prefix="/start")


@pages.get("")
@access(STAFF)
def index() -> Any:
    with identity.reading() as connection:
        found = [one for one in definitions.procedures(connection, identity.actor()) if one.may_start and one.by_hand]
    return render_template("start/index.html", procedures=found)


@pages.get("/<procedure>")
@access(STAFF)
def form(procedure: str) -> Any:
    with identity.reading() as connection:
        found = definitions.start_page(connection, identity.actor(), procedure)
        values = found.form.prefilled(_unknown) | _of_customer(connection, found.form) if found.form else {}
        shown = shown_form(connection, found.form, values, None)
    return render_template("start/form.html", start=found, shown=shown)


@pages.post("/<procedure>")
@access(STAFF)
def begin(procedure: str) -> Any:
    """Start a case and show it."""
    with identity.reading() as connection:
        found = definitions.start_page(connection, identity.actor(), procedure)
    posted = Posted(values={})
    if found.form is not None:
        posted = posted_values(found.form, request.form, request.files, _shelf())
    if posted.errors:
        return _again(found, posted, FormRejected(posted.errors))
    try:
        done = identity.execute(StartProcess(procedure=procedure, event=found.event, values=posted.values))
    except FormRejected as rejected:
        return _again(found, posted, rejected)
    return redirect(url_for("cases.case", case_id=done.stream, done=1), 303)


def _again(found: definitions.StartPage, posted: Posted, rejected: FormRejected) -> Any:
    with identity.reading() as connection:
        shown: ShownForm = shown_form(connection, found.form, posted.values, rejected)
    return render_template("start/form.html", start=found, shown=shown), 422


@pages.post("/<procedure>/fields")
@access(STAFF)
def fields(procedure: str) -> Any:
    """The fields that are asked because of what was typed so far."""
    with identity.reading() as connection:
        found = definitions.start_page(connection, identity.actor(), procedure)
        values = posted_values(found.form, request.form, MultiDict(), _shelf()).values if found.form else {}
        shown = shown_form(connection, found.form, values, None)
    before = set(request.form.get("shown", "").split())
    changed = [view for view in shown.views if view.field.show_if and (view.field.key in before) != view.shown]
    return render_template("start/_fields.html", shown=shown, changed=changed)


def _shelf() -> uploads.Shelf:
    return uploads.Shelf(identity.engine().settings)


def _of_customer(connection: Any, form: Form) -> dict[str, Any]:
    """What is known of the customer that the address names."""
    key, site = request.args.get("customer", "")[:100], request.args.get("site", "")[:100]
    known = customer.facts(connection, key, site or None) if key else None
    if known is None:
        return {}
    rows, texts = known["rows"], known["texts"]
    found = {one.key: rows.get(one.register) if one.register else texts.get(one.key) for one in form.asked}
    return {name: value for name, value in found.items() if value}


def _unknown(text: str) -> Any:
    """A case that has not begun has no data to fill a field from."""
    return None
