"""A form of a deployment by its key, for reading what was posted; from memory once the deployment is known."""

import sqlalchemy as sa

from engine import deployments
from engine.errors import NotFound
from engine.form_schema import Form


def kept_form(connection: sa.Connection, deployment_id: str, key: str) -> Form | None:
    """The form of a deployment; None where there is none. No statement is sent for a deployment that is known."""
    if len(deployment_id) != 32 or set(deployment_id) - set("0123456789abcdef"):
        return None
    try:
        found = deployments.definition(connection, deployment_id)
    except NotFound:
        return None
    return deployments.form(found, deployment_id, key) if key in found.forms else None
