"""Figures over HTTP: completing tasks, the inbox among many, start and memory of the server."""

import re
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from time import perf_counter
from uuid import uuid4

import sqlalchemy as sa

from engine import passwords
from engine.bench import procedures
from engine.bench.server import Browser, Server, hidden, serving
from engine.bench.store_figures import OPERATOR, WORKER, Figure, installation, open_task
from engine.commands.put_person import PutPerson
from engine.commands.start_process import StartProcess
from engine.db.models import inbox, instance, user_task
from engine.db.types import NEVER
from engine.executor import Engine
from engine.settings import Settings

PASSWORD = "bench-password-1"  # of an installation that lives for a minute
FEW, MANY = 1_000, 100_000
_CHUNK = 5_000


def prepared(folder: Path) -> tuple[Settings, Engine]:
    """An installation with one person who works in the measured group."""
    settings = Settings(database_url=f"sqlite:///{folder / 'web.db'}", var=folder)
    engine = installation(settings)
    person = PutPerson(
        username="bench", name="测量", password_hash=passwords.hashed(PASSWORD), groups=["service_specialist"]
    )
    engine.execute(person, OPERATOR)
    return settings, engine


def completions(folder: Path, times: int = 1000) -> list[Figure]:
    """Complete tasks over HTTP one after the other; start, memory, parallel log-ins of the same server."""
    settings, engine = prepared(folder)
    cases = times // procedures.STEPS
    for _ in range(cases + 4):
        engine.execute(StartProcess(procedure="five-tasks"), WORKER)
    with engine.read() as connection:
        first = list(connection.scalars(sa.select(user_task.c.id).order_by(user_task.c.created_at)))
    engine.store.close()
    with serving(settings) as server:
        idle = server.memory_mb()
        browser = Browser(server.port)
        browser.log_in("bench", PASSWORD)
        for task in first[:4]:
            _work_off(browser, task)
        before, began = server.cpu_ms(), perf_counter()
        for task in first[4:]:
            _work_off(browser, task)
        cpu, wall = (server.cpu_ms() - before) / times, (perf_counter() - began) * 1000 / times
        return [
            Figure("completing a task over HTTP", cpu, "CPU ms", 6.0, "Spiff-Arena 55.5, Viewflow 6.1"),
            Figure("the same, waiting for the answer", wall, "ms"),
            Figure("server ready", server.ready_seconds, "s", 3.0),
            Figure("memory when idle", idle, "MB", 200.0),
            Figure("memory after 8 log-ins at once", _after_log_ins(server), "MB"),
        ]


def statements(folder: Path) -> list[Figure]:
    """What completing one task from its page sends to the database: statements and commits."""
    settings, engine = prepared(folder)
    task = open_task(engine, engine.execute(StartProcess(procedure="five-tasks"), WORKER).stream).id
    client = import_module("web").create_app(settings, engine).test_client()  # by name: the pages stand above us
    token = hidden(client.get("/login").text, "csrf_token")
    client.post("/login", data={"username": "bench", "password": PASSWORD, "csrf_token": token})
    form = {"revision": "1", "f.amount": "3", "f.note": "已经联系客户", "request_id": uuid4().hex}
    token = hidden(client.get(f"/tasks/{task}").text, "csrf_token")
    sent: list[str] = []
    database = engine.store.engine
    sa.event.listen(database, "before_cursor_execute", lambda c, cursor, text, *rest: sent.append(text))
    sa.event.listen(database, "commit", lambda connection: sent.append("COMMIT"))
    answer = client.post(f"/tasks/{task}/complete", data={**form, "csrf_token": token})
    if answer.status_code != 303:
        raise RuntimeError(f"completing answered {answer.status_code}")
    engine.store.close()
    commits = sent.count("COMMIT")
    begun = sum(text.startswith("BEGIN") for text in sent)
    return [
        Figure("completing a task over HTTP: statements", len(sent) - commits - begun, "", 12),
        Figure("completing a task over HTTP: commits", commits, "", 1),
    ]


def _work_off(browser: Browser, task: str) -> None:
    """Submit the five forms of a case; each answer leads to the next task."""
    form = {"revision": "1", "f.amount": "3", "f.note": "已经联系客户"}
    for _ in range(procedures.STEPS):
        status, _, where = browser.ask("POST", f"/tasks/{task}/complete", {**form, "request_id": uuid4().hex})
        if status != 303:
            raise RuntimeError(f"completing answered {status}")
        found = re.search(r"/tasks/([0-9a-f]{32})", where)
        task = found[1] if found else ""


def _after_log_ins(server: Server) -> float:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda browser: browser.log_in("bench", PASSWORD), [Browser(server.port) for _ in range(8)]))
    return server.memory_mb()


def inbox_among(folder: Path, reads: int = 60) -> list[Figure]:
    """The first inbox page with a thousand and with a hundred thousand open tasks in one's group."""
    settings, engine = prepared(folder)
    engine.execute(StartProcess(procedure="five-tasks"), WORKER)
    times = []
    for most in (FEW, MANY):
        _fill(engine, most)
        with serving(settings) as server:
            browser = Browser(server.port)
            browser.log_in("bench", PASSWORD)
            times.append(_median_read(browser, reads))
    engine.store.close()
    return [
        Figure(f"inbox page, {FEW} open tasks", times[0], "ms"),
        Figure(f"inbox page, {MANY} against {FEW}", times[1] / times[0], "×", 1.5, "the page with few"),
    ]


def _median_read(browser: Browser, reads: int) -> float:
    spent = []
    browser.ask("GET", "/")
    for _ in range(reads):
        began = perf_counter()
        status, _, _ = browser.ask("GET", "/")
        spent.append(perf_counter() - began)
        if status != 200:
            raise RuntimeError(f"the inbox answered {status}")
    return sorted(spent)[reads // 2] * 1000


def _fill(engine: Engine, most: int) -> None:
    """Copy the one real case until there are `most` open tasks: rows for measuring, outside of any log."""
    with engine.read() as connection:
        case = dict(connection.execute(sa.select(instance)).mappings().first() or {})
        task = dict(connection.execute(sa.select(user_task)).mappings().first() or {})
        there = connection.scalar(sa.select(sa.func.count()).select_from(user_task)) or 0
    for start in range(there, most, _CHUNK):
        ids = [(uuid4().hex, uuid4().hex, number) for number in range(start, min(start + _CHUNK, most))]
        with engine.store.write() as connection:
            rows = [case | {"id": key, "business_key": f"B-{number}"} for key, _, number in ids]
            connection.execute(instance.insert(), rows)
            connection.execute(user_task.insert(), [task | {"id": own, "case_id": key} for key, own, _ in ids])
            offered = [{"principal": "group:service_specialist", "due_at": NEVER, "task_id": own} for _, own, _ in ids]
            connection.execute(inbox.insert(), offered)
            connection.commit()
