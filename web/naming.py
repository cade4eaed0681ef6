"""What pages call the steps, events and procedures of a deployment: as drawn, in English by its `[english]`."""

from flask import g
from flask_babel import gettext as _

from engine.queries import definitions
from web import identity
from web.language import language


def named(name: str, deployment_id: str | None) -> str:
    """The name of a step, an event or a procedure in the page's language; as it is drawn where there is no other."""
    if language() == "zh_CN" or not name or deployment_id is None:
        return name
    known = g.setdefault("english", {})
    if deployment_id not in known:
        with identity.reading() as connection:
            known[deployment_id] = definitions.english(connection, deployment_id)
    return str(known[deployment_id].get(name, name))


def quoted(name: str) -> str:
    """「上门解决」, “Solve on site”."""
    return _("“%(name)s”", name=name)
