"""Make the demo: an empty installation in, the demo company with its sixty days of work out. All by commands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from engine import clock
from engine.bootstrap import build_engine
from engine.clock import OFFICE
from engine.commands.deploy_procedure import DeployProcedure
from engine.commands.mark_demo import MarkDemo
from engine.demo.colleagues import Office
from engine.demo.crews import with_more
from engine.demo.kinds import month
from engine.demo.mix import mix
from engine.demo.names import Household, equipment, households
from engine.demo.pictures import shelve
from engine.demo.plans import Deck
from engine.demo.simulation import Simulation
from engine.demo.yard import Yard
from engine.executor import Engine
from engine.passwords import hashed
from engine.registers import calendar
from engine.settings import Settings
from engine.stories import company
from engine.workflow.lint.folder import called_folders, files_of, procedure_folders
from engine.working_time import add_months

PASSWORD = "jiazhuang-demo"  # of every demo account
REGISTRAR = "guan_li"
CUSTOMERS = 200
PICTURES = 24
SITES, CREWS = 500, 20  # of a large company
AFTERWARDS = timedelta(days=20)  # in which what has begun in a month is finished
BEFORE = timedelta(hours=15)  # the company is founded so long before the first day

Told = Callable[[str, float], None]  # (what is being made, share of it)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """How large a demo is wanted.

    Attributes:
        crews: Besides those of company.toml.
        month: Kind → number of cases that begin in the first 30 days, and no others; None: what `cases` says, some of
            them set up to show every state at the end.
    """

    until: datetime
    days: int = 60
    cases: int = 300
    seed: int = 1
    customers: int = CUSTOMERS
    crews: int = 0
    month: Mapping[str, int] | None = None


def large(until: datetime, *, share: float = 1.0, seed: int = 1) -> Wish:
    """The last month that is over for `AFTERWARDS`, of a company with 500 sites (kinds.MONTH), and those days.

    Args:
        share: Of everything: 0.1 is a tenth of the company.
    """
    last = (until.astimezone(OFFICE) - AFTERWARDS).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    begin = add_months(last, -1)
    return Wish(
        until=last + AFTERWARDS,
        days=(last + AFTERWARDS - begin).days,
        seed=seed,
        customers=max(60, round(SITES * share)),
        crews=max(4, round(CREWS * share)),
        month=month(share),
    )


def make(settings: Settings, wish: Wish, told: Told = lambda what, share: None) -> dict[str, Any]:
    """Fill an empty database at the newest schema; gives what there is to be seen, as `mix.mix`."""
    engine = build_engine(settings)
    try:
        rng = Random(wish.seed)
        begin = wish.until - timedelta(days=wish.days)
        today = begin.astimezone(OFFICE).date()
        read = with_more(company.read(settings.data / "processes" / "company.toml"), wish.crews, rng)
        read["equipment"] = [*read["equipment"], equipment(today)]
        invented = list(households(read, wish.customers, rng, today))
        with clock.hold(begin - BEFORE):
            _found(engine, read, invented, told)
            _publish(engine, settings.data, told)
        simulation = _simulation(engine, settings, wish, read, invented, rng)
        simulation.told = lambda share: told("work", share)
        simulation.run()
        with engine.read() as connection:
            return mix(connection, wish.until) | {"refused": dict(simulation.refused)}
    finally:
        engine.store.close()


def _found(engine: Engine, read: Mapping[str, Any], invented: list[Household], told: Told) -> None:
    """People, groups, calendar; then the registers with everything that was invented besides."""
    known = {customer["key"] for customer in read["customers"]}
    more = [one for one in invented if one.customer["key"] not in known]  # besides those of company.toml
    rows: dict[str, list[Any]] = {}
    for one in more:
        for block, invented_rows in one.rows().items():
            rows.setdefault(block, list(read[block])).extend(invented_rows)
    told("company", 0.0)
    company.found(engine, {**read, **rows}, hashed(PASSWORD))
    engine.execute(MarkDemo(), company.OPERATOR)
    told("company", 1.0)


def _publish(engine: Engine, data: Path, told: Told) -> None:
    """All procedures that there are, those that are called before those that call them."""
    folders = sorted(procedure_folders(data / "processes"), key=lambda folder: len(called_folders(folder)))
    for number, folder in enumerate(folders, 1):
        engine.execute(DeployProcedure(files=files_of(folder, data / "forms")), company.OPERATOR)
        told("procedures", number / len(folders))


def _simulation(
    engine: Engine,
    settings: Settings,
    wish: Wish,
    read: Mapping[str, Any],
    invented: list[Household],
    rng: Random,
) -> Simulation:
    with engine.read() as connection:
        days = calendar.read(connection)
    everybody = company.actors(engine)
    people = {login: one for login, one in everybody.items() if read["people"][login]["groups"]}
    deck = Deck(
        rng=rng,
        begin=wish.until - timedelta(days=wish.days),
        until=wish.until,
        cases=wish.cases,
        yard=Yard(invented, rng),
        message_kept=timedelta(days=settings.message_days),
        month=wish.month,
    )
    return Simulation(
        engine=engine,
        office=Office(people, days, rng),
        deck=deck,
        staff=_staff(read),
        names={login: one["name"] for login, one in read["people"].items()},
        files=shelve(settings.var / "files", PICTURES, rng),
        registrar=everybody[REGISTRAR],
        rng=rng,
    )


def _staff(read: Mapping[str, Any]) -> dict[str, list[str]]:
    """Department → logins of its people, the head first."""
    found = {}
    for key, group in read["groups"].items():
        if group["kind"] == "department":
            members = [login for login, one in read["people"].items() if key in one["groups"]]
            found[key] = sorted(members, key=lambda login: login != group.get("head"))
    return found
