"""The invented company of stories and demo (processes/company.toml), brought into an installation."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine.actor import ADMINISTRATOR, Actor
from engine.db.models import calendar_day, calendar_year, contract, customer, group_, membership, person, site
from engine.executor import Engine
from engine.working_time import seed_days, seed_years

OPERATOR = Actor(key="system", principals=frozenset(), roles=frozenset({ADMINISTRATOR}))
ROLES = {"owner": "process_owner", "auditor": "auditor", "administrator": "administrator"}


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def found(engine: Engine, company: Mapping[str, Any]) -> None:
    """Bring groups, people, customers, sites, contracts and the calendar into an empty installation."""
    ids = {login: number for number, login in enumerate(company["people"], 1)}
    with engine.store.write() as connection:
        connection.execute(
            person.insert(),
            [
                {"id": ids[login], "username": login, "name": one["name"], "phone": one.get("phone"), "active": True}
                | {"roles": [ROLES[role] for role in one.get("roles", ()) if role in ROLES]}
                for login, one in company["people"].items()
            ],
        )
        connection.execute(
            group_.insert(),
            [
                {"key": key, "kind": one.get("kind", "group"), "name": one["name"], "name_en": one.get("name_en")}
                | {"head": ids.get(one.get("head", "")), "department": one.get("department")}
                for key, one in company["groups"].items()
            ],
        )
        rows = [
            {"person_id": ids[login], "group_key": key}
            for login, one in company["people"].items()
            for key in one.get("groups", ())
        ]
        connection.execute(membership.insert(), rows)
        for table, name in ((customer, "customers"), (site, "sites"), (contract, "contracts")):
            columns = {column.name for column in table.columns}
            for row in company.get(name, ()):
                kept = {
                    key: ids.get(value, value) if key in ("foreman", "designer") else value
                    for key, value in row.items()
                }
                connection.execute(table.insert(), {key: value for key, value in kept.items() if key in columns})
        days = [{"day": day, "working": kind == "working", "name": ""} for day, kind in seed_days().items()]
        connection.execute(calendar_day.insert(), days)
        connection.execute(calendar_year.insert(), [{"year": year, "published": True} for year in seed_years()])
        connection.commit()


def actors(engine: Engine) -> dict[str, Actor]:
    """Login → actor, with everything that each person stands behind now."""
    with engine.read() as connection:
        groups = connection.execute(sa.select(membership)).all()
        heads = connection.execute(sa.select(group_.c.key, group_.c.head)).all()
        people = connection.execute(sa.select(person)).all()
    return {
        row.username: Actor(
            key=f"person:{row.id}",
            principals=frozenset(
                {f"person:{row.id}"}
                | {f"group:{one.group_key}" for one in groups if one.person_id == row.id}
                | {f"head:{one.key}" for one in heads if one.head == row.id}
            ),
            roles=frozenset(row.roles),
        )
        for row in people
    }
