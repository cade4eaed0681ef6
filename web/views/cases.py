"""案件: where a case is, who has it, until when."""

from typing import Any

from flask import Blueprint, render_template, request

from engine import clock
from engine.queries import instance, people
from web import identity
from web.permissions import EVERYONE, access

pages = Blueprint("cases", __name__, url_prefix="/cases")


@pages.get("")
@access(EVERYONE)
def index() -> Any:
    text = request.args.get("q", "").strip()[:100]
    with identity.reading() as connection:
        found = instance.cases(connection, identity.actor(), text=text)
    return render_template("cases/index.html", cases=found, text=text)


@pages.get("/<hex:case_id>")
@access(EVERYONE)
def case(case_id: str) -> Any:
    with identity.reading() as connection:
        found = instance.case_page(connection, identity.actor(), case_id, clock.now())
        keys = {key for row in found.open_tasks for key in (*row["candidates"], row["assignee"]) if key}
        names = people.names(connection, keys) if keys else {}
    return render_template("cases/case.html", page=found, names=names)
