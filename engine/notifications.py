"""Tell people outside of the inbox (企业微信, 钉钉, SMTP, webhooks), through Apprise; never inside a transaction."""

from datetime import datetime

import sqlalchemy as sa

from engine import messages
from engine.db.models import notice
from engine.errors import OperationFailed


def text_of(connection: sa.Connection, principal: str, notice_id: str) -> str | None:
    """What a notice says in Chinese; None where it is gone."""
    row = connection.execute(
        sa.select(notice).where(notice.c.principal == principal, notice.c.id == notice_id)
    ).one_or_none()
    if row is None:
        return None
    instants = {name: datetime.fromisoformat(row.parameters[name]) for name in ("due_at",) if name in row.parameters}
    return messages.say(row.code, "zh", **row.parameters | instants)


def send(urls: str, text: str, number: str) -> None:
    """Send a text to every URL.

    Args:
        number: The message's id, 32 hex digits. What is sent twice, because somebody died in between or another URL
            failed, bears the same, so that its reader or program knows it again.
    Raises:
        OperationFailed: One of them did not take it, or can't be read; in the second case nothing was sent.
    """
    import apprise  # takes a third of a second, and most installations send nothing

    sender = apprise.Apprise()
    if not all([sender.add(url) for url in urls.split()]):
        raise OperationFailed(channel="apprise")
    if not sender.notify(title=text, body=messages.say("notice.number", "zh", number=number)):
        raise OperationFailed(channel="apprise")
