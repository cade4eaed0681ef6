"""案件回放: a case, step by step, on the diagrams of its own version."""

from typing import Any

from flask import Blueprint, render_template, request

from engine import clock
from web import noting, replay_view
from web.permissions import AUDITORS, access

pages = Blueprint("audit_replay", __name__, url_prefix="/audit/replay")


@pages.get("/<hex:case_id>")
@access(AUDITORS)
def replay(case_id: str) -> Any:
    step = request.args.get("step", default=1, type=int)
    found = replay_view.view(case_id, step, clock.now())
    noting.note("replay", case=case_id)
    return render_template("audit/replay.html", view=found)
