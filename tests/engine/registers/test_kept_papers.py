"""Papers are kept for a year by a record with a job: the case is closed long before its day comes."""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from engine import clock, worker
from engine.commands.cancel_instance import CancelInstance
from engine.db.models import instance, job, kept_paper, notice
from engine.executor import Engine
from engine.messages import say
from engine.service_tasks.keep_papers import keep_papers
from engine.service_tasks.registry import Occasion
from tests.engine.registers.conftest import NOW
from tests.factories import ADMIN, deploy, start

DAY = datetime(2026, 9, 29, 2, tzinfo=UTC)


def keep(engine: Engine, case: str, holder: str | list[str], months: int = 12) -> str:
    with engine.store.write() as connection:
        occasion = Occasion(connection=connection, case_id=case, now=NOW, actor="person:1", key=f"{case}:9:1")
        found = keep_papers(occasion, what="termination", holder=holder, months=months)
        connection.commit()
    return str(found["kept_until"])


def told(engine: Engine) -> list[tuple[str, datetime]]:
    with engine.read() as connection:
        of_papers = notice.c.code == "notice.papers_kept"
        rows = connection.execute(sa.select(notice.c.principal, notice.c.at).where(of_papers))
        return sorted(tuple(row) for row in rows)


def test_each_holder_is_told_on_the_day_however_long_the_case_is_closed(engine: Engine) -> None:
    with clock.hold(NOW):
        deploy(engine)
        case = start(engine)

        assert keep(engine, case, ["performance_desk", "group:customer_service_dept"]) == "2026-09-29"
        engine.execute(CancelInstance(case_id=case, reason="客户撤回"), ADMIN)

    worker.run_until(engine, DAY - timedelta(seconds=1))
    assert told(engine) == []
    worker.run_until(engine, DAY)
    assert told(engine) == [("group:customer_service_dept", DAY), ("group:performance_desk", DAY)]
    with engine.read() as connection:
        kept = connection.execute(sa.select(kept_paper.c.holder, kept_paper.c.kept_until, kept_paper.c.what)).all()
        assert sorted(tuple(row) for row in kept) == [
            ("customer_service_dept", date(2026, 9, 29), "termination"),
            ("performance_desk", date(2026, 9, 29), "termination"),
        ]
        assert connection.scalar(sa.select(sa.func.count()).select_from(job)) == 0
        number = connection.scalar(sa.select(instance.c.business_key))
        parameters = connection.scalars(sa.select(notice.c.parameters).where(notice.c.code == "notice.papers_kept"))
        assert [say("notice.papers_kept", "zh", **one) for one in parameters] == [
            f"{number}：合同终止资料保存到 2026-09-29，请检查后处理。"
        ] * 2


def test_what_was_told_is_not_told_again(engine: Engine) -> None:
    with clock.hold(NOW):
        deploy(engine)
        keep(engine, start(engine), "performance_desk", months=1)

    worker.run_until(engine, DAY)
    worker.run_until(engine, DAY + timedelta(days=400))

    assert told(engine) == [("group:performance_desk", datetime(2025, 10, 29, 2, tzinfo=UTC))]
