"""The invented company of stories and demo (processes/company.toml), brought into an installation by commands."""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine.actor import ADMINISTRATOR, AUDITOR, PROCESS_OWNER, Actor
from engine.commands.enter_money import EnterMoney
from engine.commands.publish_years import PublishYears
from engine.commands.put_group import PutGroup
from engine.commands.put_person import PutPerson
from engine.commands.put_register_row import PutRegisterRow
from engine.commands.set_head import SetHead
from engine.db.models import person
from engine.executor import Engine
from engine.queries import people
from engine.working_time import seed_days, seed_years

OPERATOR = Actor(key="system", principals=frozenset(), roles=frozenset({ADMINISTRATOR}))
ROLES = {"owner": PROCESS_OWNER, "auditor": AUDITOR, "administrator": ADMINISTRATOR}  # "staff" needs no role
REGISTERS = {  # block of company.toml → register, in the order in which one refers to another
    "crews": "crew",
    "customers": "customer",
    "sites": "site",
    "contracts": "contract",
    "contract_changes": "contract_change",
    "warranty_cards": "warranty_card",
    "equipment": "equipment",
}
PEOPLE_IN_REGISTERS = ("foreman", "designer", "project_manager", "approver")  # written as logins
OF_A_GROUP = ("name", "name_en")  # what a crew's block says of its group


def read(path: Path) -> dict[str, Any]:
    """Groups, people by login, the registers' rows, what we hold of the crews."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def found(engine: Engine, company: Mapping[str, Any], password_hash: str | None = None) -> None:
    """Bring groups, people, registers and the calendar into an empty installation."""
    found_groups(engine, company)
    ids = {}
    for login, one in company["people"].items():
        command = PutPerson(
            username=login,
            name=one["name"],
            phone=one.get("phone"),
            password_hash=password_hash,
            active=one.get("active", True),
            roles=[ROLES[role] for role in one.get("roles", ()) if role in ROLES],
            groups=one.get("groups", ()),
        )
        ids[login] = engine.execute(command, OPERATOR).body["person"]
    for key, group in company["groups"].items():
        if group.get("head"):
            engine.execute(SetHead(group=key, person_id=ids[group["head"]]), OPERATOR)
    for name, register in REGISTERS.items():
        for row in company.get(name, ()):
            put_row(engine, register, row, ids)
    for one in company.get("retentions", ()):
        held = EnterMoney(
            purpose="deposit",
            payer="company:bank",
            receiver=f"retention:{one['crew']}",
            amount=one["amount"],
            month=one["month"].isoformat(),
        )
        engine.execute(held, OPERATOR)
    publish_calendar(engine)


def found_groups(engine: Engine, company: Mapping[str, Any]) -> None:
    """Bring the groups, departments and crews in, without heads."""
    crews = {one["key"]: {**one, "kind": "crew"} for one in company.get("crews", ())}
    for key, one in {**company["groups"], **crews}.items():
        command = PutGroup(
            key=key,
            name=one["name"],
            name_en=one.get("name_en", ""),
            group_kind=one.get("kind", "group"),
            department=one.get("department"),
        )
        engine.execute(command, OPERATOR)


def publish_calendar(engine: Engine) -> None:
    """Publish the years whose holidays are known."""
    days = {day: (kind == "working", "") for day, kind in seed_days().items()}
    engine.execute(PublishYears(years=seed_years(), days=days), OPERATOR)


def put_row(engine: Engine, register: str, row: Mapping[str, Any], ids: Mapping[str, int]) -> None:
    """Write one register row; people are given by login, dates as TOML's own."""
    values = {name: ids.get(value, value) if name in PEOPLE_IN_REGISTERS else value for name, value in row.items()}
    if register == "crew":
        values = {name: value for name, value in values.items() if name not in OF_A_GROUP}
    values = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
    key = values.pop("key")
    engine.execute(PutRegisterRow(register=register, key=key, values=values, new=True), OPERATOR)


def actors(engine: Engine) -> dict[str, Actor]:
    """Login → actor, with everything that each person stands behind now."""
    with engine.read() as connection:
        rows = connection.execute(sa.select(person.c.id, person.c.username)).all()
        known = {row.username: people.known(connection, row.id) for row in rows}
    return {login: one.actor for login, one in known.items() if one is not None}
