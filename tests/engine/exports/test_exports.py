"""The record for other programs: what stands in XES, CSV and JSON lines, and how much memory that takes."""

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from lxml import etree

from engine import clock, exports
from engine.canonical import canonical
from engine.commands.cancel_instance import CancelInstance
from engine.commands.claim_task import ClaimTask
from engine.commands.comment import Comment
from engine.commands.complete_task import CompleteTask
from engine.commands.put_person import PutPerson
from engine.commands.resume_instance import ResumeInstance
from engine.commands.suspend_instance import SuspendInstance
from engine.db.models import command, instance, user_task
from engine.errors import NotFound
from engine.executor import Engine
from engine.exports import events, xes
from engine.exports.events import Selection
from engine.settings import Settings
from tests.factories import ADMIN, CALL, MANAGER, SPECIALIST, deploy, start

MORNING = datetime(2025, 9, 26, 1, tzinfo=UTC)  # a Friday, nine o'clock in the office
XES = "{http://www.xes-standard.org/}"
TYPES = ("string", "date", "int", "float", "boolean", "id", "list", "container")
TRANSITIONS = {"schedule", "assign", "reassign", "start", "suspend", "resume", "complete", "pi_abort"}


def written(engine: Engine, form: str, **wanted: Any) -> bytes:
    with engine.read() as connection:
        return b"".join(exports.WRITERS[form](connection, Selection(**wanted)))


def log(engine: Engine, **wanted: Any) -> Any:
    return etree.fromstring(written(engine, "xes", **wanted))


def values(element: Any) -> dict[str, str]:
    return {one.get("key"): one.get("value") for one in element if etree.QName(one).localname in TYPES}


def table(engine: Engine, **wanted: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written(engine, "csv", **wanted).decode("utf-8-sig"), newline="")))


@pytest.fixture
def case(engine: Engine) -> str:
    """A case that was claimed, suspended, resumed, breached, talked about and completed."""
    with clock.hold(MORNING):
        deploy(engine)
        found = start(engine)
    with engine.read() as connection:
        task = connection.scalars(sa.select(user_task.c.id)).one()
    for minutes, one, actor in (
        (10, ClaimTask(task_id=task), SPECIALIST),
        (20, SuspendInstance(case_id=found, reason="出差"), MANAGER),
        (30, ResumeInstance(case_id=found, reason="回来了"), MANAGER),
        (40, Comment(case_id=found, text="客户说的话"), SPECIALIST),
        (400, CompleteTask(task_id=task, values={"result": "settled", "words": "私人的话"}), SPECIALIST),
    ):
        with clock.hold(MORNING + timedelta(minutes=minutes)):
            engine.execute(one, actor)
    return found


def test_a_trace_tells_what_happened_to_a_case(engine: Engine, case: str) -> None:
    (trace,) = log(engine).findall(f"{XES}trace")

    about, happened = values(trace), [values(one) for one in trace.findall(f"{XES}event")]
    assert about["procedure"] == "one-task" and about["status"] == "completed"
    assert about["started"] == "2025-09-26T09:00:00.000+08:00"
    steps = [(one["concept:name"], one["lifecycle:transition"], one["command"]) for one in happened]
    assert [step[1:] for step in steps] == [
        ("complete", "start_process"),
        ("start", "claim_task"),
        ("suspend", "suspend_instance"),
        ("resume", "resume_instance"),
        ("complete", "fire_timer"),
        ("complete", "complete_task"),
    ]
    assert steps[1][0] == steps[5][0] and re.search("[\u4e00-\u9fff]", steps[1][0])
    assert happened[1]["concept:instance"] == happened[5]["concept:instance"]
    assert (happened[1]["org:resource"], happened[4]["org:resource"]) == ("person:1", "system")
    assert happened[1]["org:group"] == "service_specialist"
    assert happened[1]["time:timestamp"] == "2025-09-26T09:10:00.000+08:00"


def test_the_log_keeps_the_rules_of_the_schema(engine: Engine, case: str) -> None:
    start(engine)

    root = log(engine, names=True)

    assert root.tag == f"{XES}log" and float(root.get("xes.version")) == 1849.2016
    kinds = [etree.QName(one).localname for one in root]
    order = ["extension", "global", "classifier", *TYPES, "trace", "event"]
    assert kinds == sorted(kinds, key=lambda kind: order.index(kind) if kind not in TYPES else 3)
    prefixes = {one.get("prefix"): one.get("uri") for one in root.findall(f"{XES}extension")}
    assert prefixes == {p: f"http://www.xes-standard.org/{p}.xesext" for p in ("concept", "lifecycle", "time", "org")}
    for one in root.iter(f"{XES}extension", f"{XES}classifier"):
        assert re.fullmatch(r"[A-Za-z_][\w.-]*", one.get("name"))
    for holder in root.iter(f"{XES}trace", f"{XES}event", f"{XES}global"):
        parts = [one for one in holder if one.tag != f"{XES}event"]
        keys = [one.get("key") for one in parts]
        assert len(keys) == len(set(keys)) and list(holder)[: len(parts)] == parts
        for one in parts:
            kind, key, value = etree.QName(one).localname, one.get("key"), one.get("value")
            assert kind in TYPES and not list(one)
            assert re.fullmatch(r"[A-Za-z_][\w.:-]*", key) and key.partition(":")[0] in {*prefixes, key}
            assert kind != "date" or datetime.fromisoformat(value).utcoffset() is not None
            assert kind != "int" or str(int(value)) == value
    declared = {one.get("scope"): set(values(one)) for one in root.findall(f"{XES}global")}
    assert all(declared["trace"] <= set(values(one)) for one in root.iter(f"{XES}trace"))
    happened = [values(one) for one in root.iter(f"{XES}event")]
    assert all(declared["event"] <= set(one) and one["lifecycle:transition"] in TRANSITIONS for one in happened)


def test_traces_events_and_activities_are_those_of_the_store(engine: Engine, case: str) -> None:
    with clock.hold(MORNING + timedelta(days=1)):
        other = start(engine)
        engine.execute(CancelInstance(case_id=other, reason="重复"), MANAGER)
    multiplied(engine, case, 250)

    root = log(engine)

    talk = ("comment", "remind", "attach_file")
    with engine.read() as connection:
        kinds = sa.select(command.c.kind).where(sa.func.length(command.c.stream) == 32, command.c.kind.not_in(talk))
        stored = Counter(connection.scalars(kinds))
        cases = connection.scalar(sa.select(sa.func.count()).select_from(instance))
    happened = [values(one) for one in root.iter(f"{XES}event")]
    assert len(root.findall(f"{XES}trace")) == cases == 252
    assert Counter(one["command"] for one in happened) == stored and len(happened) == sum(stored.values())
    assert {one["concept:name"] for one in happened} == {one["activity"] for one in table(engine)}
    assert len(table(engine)) == len(happened)


@pytest.mark.parametrize("form", exports.WRITERS)
def test_nothing_personal_is_told_unless_it_is_asked_for(engine: Engine, case: str, form: str) -> None:
    engine.execute(PutPerson(username="siyu", name="陈思雨"), ADMIN)

    plain, named = (written(engine, form, case=case, names=names).decode() for names in (False, True))

    assert not [word for word in ("陈思雨", "siyu", "私人的话", "客户说的话", "出差", CALL["caller"]) if word in plain]
    assert "陈思雨" in named
    assert "私人的话" not in named


def test_a_text_never_becomes_a_formula_nor_breaks_the_file(engine: Engine, case: str) -> None:
    engine.execute(PutPerson(username="siyu", name="=HYPERLINK(1)"), ADMIN)
    with engine.store.write() as connection:
        connection.execute(instance.update().values(subject='+1 "quoted", \x01 <&>\nline'))
        connection.commit()

    rows = table(engine, names=True)

    assert {one["resource"] for one in rows} >= {"'=HYPERLINK(1)"}
    assert rows[0]["subject"].startswith("'+1 ")
    (trace,) = log(engine, names=True).findall(f"{XES}trace")
    assert values(trace)["subject"] == '+1 "quoted", \ufffd <&>\nline'


def test_the_chain_can_be_checked_from_the_lines_alone(engine: Engine, case: str) -> None:
    lines = [json.loads(one) for one in written(engine, "jsonl", case=case).splitlines()]

    before = bytes(32)
    for seq, row in enumerate(lines, 1):
        hashed = {key: value for key, value in row.items() if key not in ("hash", "prev_hash", "case")}
        assert (row["seq"], row["prev_hash"]) == (seq, before.hex())
        before = hashlib.sha256(before + canonical(hashed)).digest()
        assert row["hash"] == before.hex()
    assert [row["kind"] for row in lines].count("comment") == 1


def test_a_period_holds_the_cases_that_began_on_its_days(engine: Engine, case: str) -> None:
    with clock.hold(datetime(2025, 9, 26, 15, 59, tzinfo=UTC)):  # a minute to midnight in the office
        late = start(engine)
    with clock.hold(datetime(2025, 9, 26, 16, 0, tzinfo=UTC)):
        start(engine)
        engine.execute(PutPerson(username="he", name="何静"), ADMIN)

    day = date(2025, 9, 26)
    lines = [json.loads(one) for one in written(engine, "jsonl", since=day, until=day).splitlines()]

    assert {row["stream"] for row in lines if len(row["stream"]) == 32} == {case, late}
    assert {row["stream"] for row in lines} - {case, late} == {"definitions"}
    assert len(log(engine, since=day, until=day)) - len(log(engine, until=date(2025, 9, 25))) == 2
    assert len(log(engine, since=date(2025, 9, 27)).findall(f"{XES}trace")) == 1


@pytest.mark.parametrize("form", exports.WRITERS)
def test_a_case_that_is_not_there_is_said_before_anything_is_written(engine: Engine, form: str) -> None:
    with engine.read() as connection, pytest.raises(NotFound):
        next(exports.WRITERS[form](connection, Selection(case="XX-2025-0001")))


def test_who_stops_reading_leaves_nothing_behind(engine: Engine, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xes, "ENOUGH", 1)
    multiplied(engine, case, 3)

    with engine.read() as connection:
        pieces = xes.written(connection, Selection())
        next(pieces)
        pieces.close()

    assert list(pieces) == []


def test_an_export_shows_one_instant(engine: Engine, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xes, "ENOUGH", 1)
    monkeypatch.setattr(events, "AT_ONCE", 1)
    multiplied(engine, case, 2)

    with engine.snapshot() as connection:
        pieces = xes.written(connection, Selection())
        first = next(pieces)
        start(engine)
        whole = first + b"".join(pieces)

    assert whole.count(b"<trace>") == 3


@pytest.mark.slow
@pytest.mark.parametrize("form", exports.WRITERS)
def test_ten_times_the_cases_take_no_more_memory(
    engine: Engine, settings: Settings, case: str, form: str, tmp_path: Path
) -> None:
    multiplied(engine, case, 400)
    few, size = most_memory(settings, form, tmp_path / "few")

    multiplied(engine, case, 3600)
    many, ten_times = most_memory(settings, form, tmp_path / "many")

    assert ten_times > 9 * size
    assert many - few < ten_times / 2


MEASURED = """
import atexit, re
from pathlib import Path
from engine.cli import main
used = lambda: re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]
atexit.register(lambda: print(used()))
main()
"""


def most_memory(settings: Settings, form: str, target: Path) -> tuple[int, int]:
    """The most bytes that a process of its own used to write it, and its size."""
    environ = {"RENOFLOW_DATABASE_URL": settings.database_url, "RENOFLOW_VAR": str(settings.var)}
    arguments = ["audit", "export", "--format", form, "--output", str(target)]
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *arguments],
        env=os.environ | environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout) * 1024, target.stat().st_size


def multiplied(engine: Engine, case: str, times: int) -> None:
    """The same case so many times more, with other ids and numbers."""
    with engine.store.write() as connection:
        first = dict(connection.execute(sa.select(instance).where(instance.c.id == case)).mappings().one())
        log = list(connection.execute(sa.select(command).where(command.c.stream == case)).mappings())
        ids = [uuid4().hex for _ in range(times)]
        connection.execute(instance.insert(), [first | {"id": one, "business_key": f"COPY-{one}"} for one in ids])
        connection.execute(
            command.insert(), [dict(row) | {"stream": one, "request_id": None} for one in ids for row in log]
        )
        connection.commit()
