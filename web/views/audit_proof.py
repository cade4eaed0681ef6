"""完整性核验: what was proven when, the newest seal, and the proof of one case."""

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from engine.queries import proof
from web import identity
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
        proofs, seal = proof.proofs(connection), proof.newest_seal(connection)
    sealed_at = datetime.fromisoformat(seal["at"]) if seal else None
    return render_template("audit/proof.html", proofs=proofs, seal=seal, sealed_at=sealed_at, number=number)


@pages.get("/<hex:case_id>")
@access(AUDITORS)
def case(case_id: str) -> Any:
    """Prove one case now, all of it seen at one instant."""
    engine = identity.engine()
    with engine.snapshot() as connection:
        proven = proof.case(connection, engine.settings, case_id)
    return render_template("audit/proof_case.html", proven=proven)
