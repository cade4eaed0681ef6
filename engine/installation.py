"""Make an installation: the schema, the calendar, the first administrator, the groups that lanes name."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa

from engine import worker_postgres, working_time
from engine.actor import ADMINISTRATOR, SYSTEM
from engine.bootstrap import build_engine
from engine.commands.publish_years import PublishYears
from engine.commands.put_group import PutGroup
from engine.commands.put_person import PutPerson
from engine.db import migrate, schema
from engine.db.models import calendar_year, person
from engine.db.session import Store
from engine.executor import Engine
from engine.passwords import hashed
from engine.settings import Settings

NAMES: Mapping[bool, str] = {False: "法定节假日", True: "调休上班"}


def bring_up(settings: Settings) -> tuple[str | None, str | None]:
    """Create the database where there is none, run the migrations that it lacks; gives its revisions."""
    if not settings.database_url:
        settings.var.mkdir(parents=True, exist_ok=True)
    store = Store(settings.url)
    before = schema.current_revision(store.engine)
    migrate.upgrade(store.engine)
    after = schema.current_revision(store.engine)
    store.close()
    if store.dialect == "postgresql":
        worker_postgres.prepare(settings.url)
    return before, after


def found(settings: Settings) -> Engine:
    """The engine on a database at the newest schema, with the published years in its calendar."""
    bring_up(settings)
    engine = build_engine(settings)
    with engine.read() as connection:
        has_calendar = connection.scalar(sa.select(calendar_year.c.year).limit(1)) is not None
    if not has_calendar:
        days = {day: (kind == "working", NAMES[kind == "working"]) for day, kind in working_time.seed_days().items()}
        engine.execute(PublishYears(years=sorted(working_time.seed_years()), days=days), SYSTEM)
    return engine


def has_people(engine: Engine) -> bool:
    """Whether anybody is in the register of people."""
    with engine.read() as connection:
        return connection.scalar(sa.select(person.c.id).limit(1)) is not None


def add_administrator(engine: Engine, username: str, name: str, password: str) -> int:
    """Add an administrator; gives their id.

    Raises:
        InvalidCommand: The name is taken, or the password too short.
    """
    command = PutPerson(username=username, name=name, password_hash=hashed(password), roles=[ADMINISTRATOR])
    return int(engine.execute(command, SYSTEM).body["person"])


def add_groups(engine: Engine, company: Path) -> int:
    """Add the departments and groups of a company.toml, without the people in them; gives their number."""
    groups = tomllib.loads(company.read_text(encoding="utf-8"))["groups"]
    for key, one in groups.items():
        engine.execute(
            PutGroup(
                key=key,
                name=one["name"],
                name_en=one.get("name_en", ""),
                group_kind=one.get("kind", "group"),
                department=one.get("department"),
            ),
            SYSTEM,
        )
    return len(groups)
