"""完整性核验: what was proven when, the newest seal, and the proof of one case."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from engine.commands.ask_for_proof import AskForProof
from engine.queries import people, proof
from web import identity, noting
from web.permissions import AUDITORS, access

pages = Blueprint("audit_proof", __name__, url_prefix="/audit/proof")


@pages.get("")
@access(AUDITORS)
def index() -> Any:
    """The last proofs; with a number, on to the proof of that case."""
    number = request.args.get("number", "").strip()
    with identity.reading() as connection:
        found = proof.by_number(connection, number) if number else None
        if found:
            return redirect(url_for("audit_proof.case", case_id=found), 303)
        proofs, seal, running = proof.proofs(connection), proof.newest_seal(connection), proof.running(connection)
        names = people.names(connection, {one["asked_by"] for one in proofs if one["asked_by"]})
    return render_template(
        "audit/proof.html",
        proofs=proofs,
        names=names,
        seal=seal,
        sealed_at=datetime.fromisoformat(seal["at"]) if seal else None,
        number=number,
        run=running,
        drawn=identity.engine().settings.nightly_cases,
    )


@pages.post("/run")
@access(AUDITORS)
def run() -> Any:
    """Have everything proven in the background; one proof at a time."""
    identity.execute(AskForProof(every="every" in request.form))
    return redirect(url_for("audit_proof.index"), 303)


@pages.get("/progress")
@access(AUDITORS)
def progress() -> Any:
    """How far the proof of everything is, for the page that shows it; once it is over, that page is read anew."""
    with identity.reading() as connection:
        running = proof.running(connection)
    if running is None or running["status"] != "ready":
        return Response(headers={"HX-Refresh": "true"})
    return render_template("audit/_progress.html", run=running)


@pages.get("/<hex:case_id>")
@access(AUDITORS)
def case(case_id: str) -> Any:
    """Prove one case now, all of it seen at one instant."""
    engine = identity.engine()
    with engine.snapshot() as connection:
        proven = proof.case(connection, engine.settings, case_id)
    noting.note("proof", case=case_id)
    return render_template("audit/proof_case.html", proven=proven)
