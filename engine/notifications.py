"""Tell people outside of the inbox (企业微信, 钉钉, SMTP, webhooks), through Apprise; never inside a transaction."""

import sqlalchemy as sa

from engine import messages
from engine.db.models import notice
from engine.errors import OperationFailed


def text_of(connection: sa.Connection, principal: str, notice_id: str) -> str | None:
    """What a notice says in Chinese; None where it is gone."""
    row = connection.execute(
        sa.select(notice).where(notice.c.principal == principal, notice.c.id == notice_id)
    ).one_or_none()
    return None if row is None else messages.say(row.code, "zh", **row.parameters)


def send(urls: str, text: str) -> None:
    """Send a text to every URL.

    Raises:
        OperationFailed: One of them did not take it.
    """
    import apprise  # takes a third of a second, and most installations send nothing

    sender = apprise.Apprise()
    for url in urls.split():
        sender.add(url)
    if not sender.notify(body=text):
        raise OperationFailed(channel="apprise")
