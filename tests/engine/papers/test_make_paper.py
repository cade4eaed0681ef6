"""A paper is made by a job, kept once under its digest, and noted with its case."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine import clock, file_store, rebuild, replay, worker
from engine.commands.complete_task import CompleteTask
from engine.commands.correlate_message import CorrelateMessage
from engine.commands.retry_job import RetryJob
from engine.db.models import case_file, command, file, instance, job, user_task
from engine.errors import InvalidDiagram
from engine.executor import Engine
from tests.factories import ADMIN, SPECIALIST, deploy_files, files_of

MORNING = datetime(2025, 9, 26, 1, tzinfo=UTC)
TEMPLATE = """#import "/paper.typ": *
#show: paper.with(title: "寄信单", form: "F-99", marks: ("客服留存", "门卫留存"))
#facts(fact("物品", known("ordered.parcel")))
"""


def errand(template: str = TEMPLATE, document: str = "'letter'") -> dict[str, bytes]:
    """The procedure of an errand which makes a paper, in two copies, where the other posts a letter."""
    files = files_of("errand")
    diagram = files["errand.bpmn"].decode().replace('Operator id="post_letter"', 'Operator id="make_paper"')
    parameter = '<spiffworkflow:parameter id="{}" type="str" value="{}"/>'
    wanted = parameter.format("document", document) + parameter.format("copies", "2")
    diagram = diagram.replace(parameter.format("parcel", "ordered.parcel"), wanted)
    return {**files, "errand.bpmn": diagram.encode(), "documents/letter.typ": template.encode()}


def ordered(engine: Engine, parcel: str = "a") -> str:
    with clock.hold(MORNING):
        case = engine.execute(CorrelateMessage(name="order", payload={"parcel": parcel}), ADMIN).stream
        worker.run_due(engine)
    return case


def rows(engine: Engine, *columns: Any) -> list[Any]:
    with engine.read() as connection:
        return [tuple(row) for row in connection.execute(sa.select(*columns))]


def test_the_paper_lies_under_its_digest_and_with_its_case(engine: Engine) -> None:
    deploy_files(engine, errand())

    case = ordered(engine)

    ((digest, name, element, of_case),) = rows(
        engine, case_file.c.hash, case_file.c.name, case_file.c.element, case_file.c.case_id
    )
    content = file_store.path_of(engine.settings, digest.hex()).read_bytes()
    assert content.startswith(b"%PDF-")
    assert hashlib.sha256(content).digest() == digest
    assert (name, element, of_case) == ("寄信单 JX-2025-0001.pdf", "post", case)
    assert rows(engine, file.c.size_bytes, file.c.media_type) == [(len(content), "application/pdf")]
    with engine.read() as connection:
        assert not [*rebuild.compare(connection, case), *replay.replay(connection, case)]
    assert rows(engine, job.c.id) == []


def test_the_flow_goes_on_at_once_and_the_paper_follows_as_the_case_was_then(engine: Engine) -> None:
    title = '#set document(title: known("ordered.parcel") + repr(who("read_reply")) + repr(said("read_reply.good")))'
    deploy_files(engine, errand(f'#import "/paper.typ": *\n{title}'))
    with clock.hold(MORNING):
        case = engine.execute(CorrelateMessage(name="order", payload={"parcel": "a"}), ADMIN).stream
        engine.execute(CorrelateMessage(name="reply", key="a", payload={}), ADMIN)
        ((task,),) = rows(engine, user_task.c.id)
        engine.execute(CompleteTask(task_id=task, values={"good": True}), SPECIALIST)

    with clock.hold(MORNING + timedelta(hours=1)):
        worker.run_due(engine)

    assert rows(engine, instance.c.status) == [("completed",)]
    assert rows(engine, case_file.c.name, case_file.c.case_id) == [("anonenone JX-2025-0001.pdf", case)]
    ((digest,),) = rows(engine, case_file.c.hash)
    assert b"D:20250926" in file_store.path_of(engine.settings, digest.hex()).read_bytes()


def test_a_second_try_makes_the_same_paper_and_keeps_it_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    deploy_files(engine, errand())
    perform, broken = engine.perform, [True]

    def crash(report: Any) -> Any:
        if broken and report.kind == "keep_made":
            broken.clear()
            raise ConnectionError("the database went away between the paper and its report")
        return perform(report)

    monkeypatch.setattr(engine, "perform", crash)
    ordered(engine)
    after_the_crash = [path for path in (engine.settings.var / "files").rglob("*") if path.is_file()]

    with clock.hold(MORNING + timedelta(hours=2)):
        worker.run_due(engine)

    (first,) = after_the_crash
    assert rows(engine, case_file.c.hash) == [(bytes.fromhex(first.name),)]
    assert [path for path in (engine.settings.var / "files").rglob("*") if path.is_file()] == [first]


def test_a_template_that_fails_on_this_case_is_an_incident_at_once_and_can_be_retried(engine: Engine) -> None:
    deploy_files(engine, errand('#import "/paper.typ": *\n#if known("ordered.parcel") != none { panic("too heavy") }'))

    case = ordered(engine)

    ((status, error),) = rows(engine, job.c.status, job.c.error)
    assert status == "incident"
    assert error.startswith("paper.failed") and "too heavy" in error
    assert rows(engine, case_file.c.id) == []
    (key,) = rows(engine, job.c.id)
    with clock.hold(MORNING + timedelta(hours=1)):
        engine.execute(RetryJob(job_id=key[0]), ADMIN)
        worker.run_due(engine)
    assert [kind for (kind,) in rows(engine, command.c.kind) if kind == "fail_job"] == ["fail_job"] * 2
    assert rows(engine, job.c.stream, job.c.status) == [(case, "incident")]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (errand(document="'receipt'"), "papers.missing"),
        (errand(document="ordered.parcel"), "papers.not_named"),
        (errand('#import "/paper.typ": *\n#facts(fact('), "papers.broken"),
        (errand('#import "/nothing.typ": *'), "papers.broken"),
    ],
    ids=["missing", "not_named", "syntax", "import"],
)
def test_a_document_that_is_missing_or_wrong_is_refused_on_publishing(
    engine: Engine, files: dict[str, bytes], code: str
) -> None:
    with pytest.raises(InvalidDiagram) as refused:
        deploy_files(engine, files)

    assert code in {problem.code for problem in refused.value.problems}


def test_a_changed_template_is_another_deployment(engine: Engine) -> None:
    before = deploy_files(engine, errand())

    assert deploy_files(engine, errand()) == before
    assert deploy_files(engine, errand(TEMPLATE + "补充说明")) != before
