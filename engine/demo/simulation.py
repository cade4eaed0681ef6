"""The demo's sixty days: people look at what is open, and do it in their own time; the clock goes from deed to deed."""

import heapq
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from engine import clock, worker
from engine.actor import Actor
from engine.commands.claim_task import ClaimTask
from engine.commands.complete_task import CompleteTask
from engine.commands.start_process import StartProcess
from engine.demo import world
from engine.demo.answers import ANSWERS
from engine.demo.colleagues import SELDOM, Offered, Office
from engine.demo.consequences import Consequences
from engine.demo.filling import Surroundings, fill
from engine.demo.incidentals import Incidentals
from engine.demo.kinds import ALL, FOREMAN_OF_SITE, INSPECTION, SENT_BY
from engine.demo.names import EQUIPMENT
from engine.demo.plans import Deck, Plan
from engine.demo.sheet import Sheet
from engine.errors import AlreadyClaimed, CaseClosed, ConcurrentUpdate, EngineError, NotFound, Stale, Suspended
from engine.executor import Engine
from engine.form_schema import Form
from engine.queries import form_page, task
from engine.unit_of_work import Command, Done

OVERTAKEN = (AlreadyClaimed, CaseClosed, ConcurrentUpdate, NotFound, Stale)  # somebody or a timer was faster
CLAIMED_FIRST = 0.55  # how many tasks are taken some time before they are done
AGAIN = timedelta(minutes=3)
NEED_CASES = ("contact", "stray", "repeat", "repeat_by_hand", "penalty")  # they are about cases before them
LATER = timedelta(hours=6)  # when somebody looks again at a task of a suspended case


@dataclass(kw_only=True)
class Simulation:
    """The demo in the making.

    Attributes:
        staff: Department → logins, the head first.
        names: Login → name.
        files: Pictures that may be attached.
        registrar: Keeps the registers.
        told: Called with the share of the time that has passed.
    """

    engine: Engine
    office: Office
    deck: Deck
    staff: Mapping[str, list[str]]
    names: Mapping[str, str]
    files: list[dict[str, Any]]
    registrar: Actor
    rng: Random
    told: Callable[[float], None] = lambda share: None
    refused: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    plans: dict[str, Plan] = field(default_factory=dict)  # by case id
    _agenda: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _forms: dict[str, Form | None] = field(default_factory=dict)
    _number: int = 0

    def run(self) -> None:
        """Let the time pass from the deck's begin to its end."""
        self._ids = {login: one.key.removeprefix("person:") for login, one in self.office.people.items()}
        self.incidentals, self.consequences = Incidentals(self), Consequences(self)
        for plan in self.deck.deal():
            self.at(plan.starts, lambda now, plan=plan: self.start(plan, now))  # type: ignore[misc]
        length = self.deck.until - self.deck.begin
        while self._agenda and self._agenda[0][0] <= self.deck.until:
            moment, _, deed = heapq.heappop(self._agenda)
            if worker.run_until(self.engine, moment):
                self._look_around(moment)
            with clock.hold(moment):
                deed(moment)
            worker.run_until(self.engine, moment)
            self._look_around(moment)
            self.told((moment - self.deck.begin) / length)
        worker.run_until(self.engine, self.deck.until)
        self.told(1.0)

    def at(self, moment: datetime, deed: Callable[[datetime], None]) -> None:
        """Put something on the agenda; what comes after the end is never done."""
        self._number += 1
        heapq.heappush(self._agenda, (moment, self._number, deed))

    def execute(self, command: Command, login: str) -> Done | None:
        """Carry out a command as somebody; None where somebody else, or a timer, was faster."""
        try:
            return self.engine.execute(command, self.office.people[login])
        except OVERTAKEN as error:
            self.refused[error.code] += 1
            return None

    def actor(self, login: str) -> Actor:
        return self.office.people[login]

    def start(self, plan: Plan, now: datetime) -> None:
        """Let somebody begin the case of a plan; a stray waits until there is a case that will not receive it."""
        if plan.kind == "stray" and not world.earlier_cases(self.engine)["over"]:
            self.at(now + LATER, lambda at: self.start(plan, at))
            return
        procedure = plan.procedure
        if procedure not in self._forms:
            self._forms[procedure] = world.start_form(self.engine, procedure)
        form = self._forms[procedure]
        assert form is not None
        login = self._registrar_of(plan)
        answers = ANSWERS[form.id](self._sheet(plan, now, {}))
        values = fill(form, answers, {}, world.start_conditions(self.engine, now), self._around(plan, now, now))
        plan.complained = str(values.get("complained_person_record") or "")
        command = StartProcess(procedure=procedure, values=values, case_id=f"{plan.rng.getrandbits(128):032x}")
        try:
            done = self.execute(command, login)
        except EngineError as error:
            raise DemoStuck(form.id, values, error) from error
        if done is not None:
            plan.case_id, plan.business_key, plan.sent[form.id] = done.stream, done.body["key"], values
            plan.doers.append(login)
            self.plans[done.stream] = plan
            self.incidentals.of_case(plan, now)

    def _registrar_of(self, plan: Plan) -> str:
        registrar = ALL[plan.kind].registrar
        if registrar == FOREMAN_OF_SITE:
            return str(plan.household.site["foreman"])
        able = [login for login, one in self.office.people.items() if f"group:{registrar}" in one.principals]
        return plan.rng.choice(able)

    def _look_around(self, now: datetime) -> None:
        """Let somebody take up each task that has been opened."""
        fresh = world.open_ids(self.engine) - self._seen
        if not fresh:
            return
        self._seen |= fresh
        for row in world.tasks(self.engine, fresh):
            plan = self.plans.get(row["case_id"]) or self._adopt(row)
            self._take_up(row, plan, now)

    def _adopt(self, row: sa.RowMapping) -> Plan:
        """A plan for a case that a message or the calendar has started: about what it says, or as the case before."""
        wanted = SENT_BY.get(row["procedure"])
        origin = next((one for one in reversed(self.plans.values()) if one.kind == wanted), None)
        plan = self.deck.plan("ordinary", row["started_at"])
        if origin is not None:
            plan.household, plan.problem, plan.complained = origin.household, origin.problem, origin.complained
        plan.household = world.household_of(self.engine, row["case_id"], self.deck.yard) or plan.household
        if row["procedure"] == INSPECTION:
            plan.kind, plan.number = "inspection", sum(one.kind == "inspection" for one in self.plans.values())
        plan.case_id, plan.business_key = row["case_id"], row["business_key"]
        self.plans[row["case_id"]] = plan
        return plan

    def _take_up(self, row: sa.RowMapping, plan: Plan, now: datetime, *, apart_from: str | None = None) -> None:
        offered = Offered(
            element=row["element"],
            candidates=row["candidates"],
            excluded=row["excluded"] or (),
            due_at=row["due_at"],
            not_before=row["not_before"],
        )
        login = self.office.who(offered, plan.doers, apart_from=apart_from)
        if login is None:
            self.refused["nobody"] += 1
            return
        key, element = row["id"], row["element"]
        if {element, f"{element}[{row['item']}]", f"{row['scope'].partition('/')[0]}/{element}"} & plan.left:
            if plan.claimed:
                self.at(now + timedelta(minutes=plan.rng.uniform(1, 6)), lambda at: self._claim(key, login))
            return
        if element in SELDOM and plan.rng.random() > SELDOM[element]:
            return
        if plan.brisk:
            moment = max(now, offered.not_before or now) + timedelta(minutes=plan.rng.uniform(2, 9))
        else:
            moment = self.office.when(login, offered, now)
            if self.rng.random() < CLAIMED_FIRST:
                taken = now + (moment - now) * self.rng.uniform(0.1, 0.9)
                self.at(taken, lambda at: self._claim(key, login))
        self.at(moment, lambda at: self.do(key, login, at))

    def _claim(self, key: str, login: str) -> None:
        row = world.tasks(self.engine, [key])[0]
        if row["assignee"] is None and row["completed_at"] is None and row["cancelled_at"] is None:
            try:
                self.execute(ClaimTask(task_id=key, revision=row["revision"]), login)
            except Suspended:
                return
            self.incidentals.of_claim(row, self.plans[row["case_id"]], login)

    def do(self, key: str, login: str, now: datetime) -> None:
        """Open a task's page, fill its form, send it."""
        with self.engine.read() as connection:
            page = task.task_page(connection, self.actor(login), key, now)
            row, plan = page.row, self.plans[page.row["case_id"]]
            if row["completed_at"] is not None or row["cancelled_at"] is not None:
                return
            if page.case["status"] == "suspended":
                self.at(now + LATER, lambda at: self.do(key, login, at))
                return
            if not page.may_complete:  # somebody else has it
                return
            if self.incidentals.instead_of(row, plan, login, now):
                return
            values = self._values(connection, page, plan, now)
        self.incidentals.before(row, plan, login, now)
        try:
            done = self.execute(CompleteTask(task_id=key, revision=row["revision"], values=values), login)
        except EngineError as error:
            raise DemoStuck(row["element"], values, error) from error
        if done is None:  # the task has changed while they wrote: they look again
            self.at(now + AGAIN, lambda at: self.do(key, login, at))
        else:
            plan.doers.append(login)
            plan.times[row["element"]] += 1
            plan.sent[row["element"]] = values
            self.consequences.of(row["element"], plan, now)

    def _values(self, connection: sa.Connection, page: task.TaskPage, plan: Plan, now: datetime) -> dict[str, Any]:
        if page.form is None:
            return {}
        row = page.row
        answer = ANSWERS.get(row["form"]) or ANSWERS.get(row["element"])
        answers = answer(self._sheet(plan, now, page.values, page.row["round"])) if answer else {}
        applies = form_page.conditions(connection, now, dict(row))
        return fill(page.form, answers, page.values, applies, self._around(plan, now, plan.starts))

    def _sheet(self, plan: Plan, now: datetime, shown: Mapping[str, Any], opened: int = 1) -> Sheet:
        before = world.earlier_cases(self.engine) if not plan.case_id and plan.kind in NEED_CASES else {}
        empty: dict[str, list[str]] = {"ended": [], "over": [], "handled": [], "any": []}
        return Sheet(
            plan=plan,
            now=now,
            shown=shown,
            ids=self._ids,
            names=self.names,
            staff=self.staff,
            before=empty | before,
            round=opened,
            yard=self.deck.yard,
            reported=self.deck.reported,
            choices=lambda register: world.choices(self.engine, register),
        )

    def _around(self, plan: Plan, now: datetime, since: datetime) -> Surroundings:
        house, ids = plan.household, self._ids
        somebody = self.office.people[plan.rng.choice(self.staff[plan.departments[0]])]
        registers = {
            "customer": house.customer["key"],
            "site": house.site["key"],
            **dict.fromkeys(("contract", "contract_to_end"), house.contract["key"]),
            **dict.fromkeys(("person", "employee"), somebody.key.removeprefix("person:")),
            "department": plan.departments[0],
            "group": plan.departments[0],
            "case": plan.business_key,
            "crew": house.site.get("crew"),
            "equipment": EQUIPMENT,
            **{name: ids.get(house.site.get(name, "")) for name in ("foreman", "project_manager")},
        }
        return Surroundings(now=now, since=since, rng=plan.rng, registers=registers, files=self.files)


class DemoStuck(Exception):
    """A form did not take what the simulation sent: a fault of the form, or of the answers."""

    def __init__(self, element: str, values: Mapping[str, Any], error: EngineError) -> None:
        super().__init__(f"{element}: {error.code} {error.context}; sent {dict(values)}")
