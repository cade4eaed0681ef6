"""A customer-service afternoon for pages to be looked at: the company, its complaint procedures, a dozen cases."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine import clock, worker
from engine.actor import Actor
from engine.clock import OFFICE
from engine.commands.claim_task import ClaimTask
from engine.commands.complete_task import CompleteTask
from engine.commands.deploy_procedure import DeployProcedure
from engine.commands.mark_demo import MarkDemo
from engine.commands.put_person import PutPerson
from engine.commands.start_process import StartProcess
from engine.commands.suspend_instance import SuspendInstance
from engine.commands.transfer_task import TransferTask
from engine.db.models import user_task
from engine.executor import Engine
from engine.passwords import hashed
from engine.stories import company
from engine.workflow.lint.folder import called_folders, files_of, procedure_folders

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 19, 14, 20, tzinfo=OFFICE)  # the afternoon of the screens, a Thursday
PASSWORD = "correct horse"
COMPLAINT = {
    "phone": "000-1000-0001",
    "source": "phone",
    "complained_person": "何志远",
    "problem": "淋浴区六块地砖空鼓，踩上去有响声，已经报过一次。",
    "site_state": "completed",
    "same_issue": "first",
    "times_raised": 1,
}
CASES = (  # hours before NOW, customer, address, reason, how far it went
    (20, "沈国平", "翠堤湾 3 幢 502", "卫生间墙砖空鼓", "transfer"),
    (4.2, "许曼", "锦绣江南 12 幢 1801", "柜门关不严", "start"),
    (2.6, "何静怡", "江南云庭 6 幢 1203", "阳台渗水", "transfer"),
    (1.5, "梁文博", "滨江一号 8 幢 2201", "地漏反味", "start"),
    (1, "曹美琳", "枫林晚 2 幢 901", "油漆开裂", "transfer"),
    (0.5, "罗建军", "御景台 1 幢 604", "工长没有回电", "start"),
    (30, "丁海峰", "观澜府 9 幢 301", "墙面不平", "signed"),
    (26, "吴慧", "新湖花园 5 幢 402", "瓷砖色差", "verified"),
    (28, "谢建民", "东方润园 7 幢 1502", "施工噪声", "suspended"),
)


@cache
def deployments() -> tuple[dict[str, bytes], ...]:
    """The files of complaint handling and all that it calls, called ones first."""
    folders = {one.name: one for one in procedure_folders(ROOT / "processes")}
    wanted = {folders["complaint-handling"], *called_folders(folders["complaint-handling"])}
    ordered = sorted(wanted, key=lambda one: len(called_folders(one)))
    return tuple(files_of(one, ROOT / "forms") for one in ordered)


def furnish(engine: Engine) -> dict[str, Actor]:
    """Bring in the company and its complaint procedures; login → actor."""
    with clock.hold(NOW - timedelta(days=30)):
        company.found(engine, company.read(ROOT / "processes" / "company.toml"))
        for files in deployments():
            engine.execute(DeployProcedure(files=files), company.OPERATOR)
    return company.actors(engine)


def open_to_all(engine: Engine, people: dict[str, Actor]) -> None:
    """Make it a demo, and give one person a password."""
    engine.execute(MarkDemo(), company.OPERATOR)
    person_id = int(people["chen_siyu"].key.removeprefix("person:"))
    engine.execute(PutPerson(person_id=person_id, password_hash=hashed(PASSWORD)), company.OPERATOR)


def start(engine: Engine, people: dict[str, Actor], at: datetime = NOW, **values: Any) -> str:
    """Start a complaint; its id."""
    typed = COMPLAINT | {"customer": "林婉清", "address": "枫林苑 3 栋 1202", "reason": "墙砖空鼓"} | values
    with clock.hold(at):
        started = engine.execute(StartProcess(procedure="complaint-handling", values=typed), people["chen_siyu"])
    return started.stream


def open_task(engine: Engine, case: str, element: str | None = None) -> str:
    """The open task of a case."""
    tasks = sa.select(user_task.c.id).where(
        user_task.c.case_id == case, user_task.c.completed_at.is_(None), user_task.c.cancelled_at.is_(None)
    )
    with engine.read() as connection:
        return str(connection.scalars(tasks.where(user_task.c.element == element) if element else tasks).first())


def do(engine: Engine, actor: Actor, case: str, element: str, at: datetime, **values: Any) -> None:
    """Complete a task of a case, and let what is to be done of itself be done."""
    with clock.hold(at):
        engine.execute(CompleteTask(task_id=open_task(engine, case, element), values=values), actor)
        worker.run_until(engine, at)


def fill(engine: Engine, people: dict[str, Actor]) -> list[str]:
    """The cases of the afternoon; their ids."""
    found = []
    for hours, customer, address, reason, far in sorted(CASES, reverse=True):
        at = NOW - timedelta(hours=hours)
        case = start(engine, people, at, customer=customer, address=address, reason=reason)
        found.append(case)
        go(engine, people, case, far, at)
        worker.run_until(engine, at)
    worker.run_until(engine, NOW)
    return found


def go(engine: Engine, people: dict[str, Actor], case: str, far: str, at: datetime) -> None:
    """Bring a case as far as: start, transfer, signed, verified or suspended."""
    siyu, gao, he = people["chen_siyu"], people["gao_lifeng"], people["he_zhiyuan"]
    if far == "start":
        return
    kind = {"severity": "ordinary", "type": "engineering", "lead_rd": "engineering_dept", "needs_opinion": False}
    do(engine, siyu, case, "classify_complaint", at, rd_list=["engineering_dept"], **kind)
    if far == "transfer":
        with clock.hold(at):
            task = open_task(engine, case, "transfer_complaint")
            engine.execute(ClaimTask(task_id=task), siyu)
        return
    minutes = timedelta(minutes=10)
    do(
        engine,
        siyu,
        case,
        "transfer_complaint",
        at + minutes,
        copies_sent=True,
        customer_told=True,
        note="请先联系客户。",
    )
    do(engine, gao, case, "sign_receipt", at + 2 * minutes, signature=True)
    with clock.hold(at + 3 * minutes):
        task = open_task(engine, case, "verify_with_customer")
        engine.execute(ClaimTask(task_id=task), gao)
        engine.execute(TransferTask(task_id=task, to=he.key, reason="你更熟悉这个工地。"), gao)
    if far == "verified":
        call = (at + 5 * minutes).strftime("%Y-%m-%dT%H:%M")
        facts = {"call_time": call, "facts": "六块空鼓，客户要求重贴。", "valid": "yes"}
        do(engine, he, case, "verify_with_customer", at + 5 * minutes, **facts)
    if far == "suspended":
        with clock.hold(at + 4 * minutes):
            engine.execute(SuspendInstance(case_id=case, reason="客户出差"), people["lin_xiaomei"])
