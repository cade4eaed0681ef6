"""Show one masked number of what was sent in a case, and put on record who saw it."""

from flask import request

from engine.commands.show_number import ShowNumber
from engine.errors import InvalidCommand
from web import identity, noting


def show(case_id: str) -> tuple[int, str]:
    """Carry out what the button beside a number asks for; gives (seq, field key) of the number to show.

    Raises:
        InvalidCommand: The posted place is none.
    """
    seq, field = request.form.get("seq", ""), request.form.get("field", "")[:200]
    if not (seq.isascii() and seq.isdigit() and len(seq) < 10 and field):
        raise InvalidCommand(field="seq")
    identity.execute(ShowNumber(case_id=case_id, of_seq=int(seq), field=field))
    noting.note("number", case=case_id, subject=f"{int(seq)}:{field}")
    return int(seq), field
