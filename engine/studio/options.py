"""What an administrator has switched in the studio."""

import sqlalchemy as sa

from engine.db.models import option

FOUR_EYES = "four_eyes"  # who submitted a draft may not approve it
NAMES = {FOUR_EYES: True}  # option → what holds where nobody has switched it


def is_on(connection: sa.Connection, name: str) -> bool:
    """Whether an option is switched on."""
    value = connection.scalar(sa.select(option.c.value).where(option.c.name == name))
    return NAMES[name] if value is None else bool(value)


def switch(connection: sa.Connection, name: str, on: bool) -> None:
    """Switch an option."""
    connection.execute(option.delete().where(option.c.name == name))
    connection.execute(option.insert(), {"name": name, "value": on})
