"""完整性核验: what was proven, in words that anybody understands."""

from datetime import timedelta

import sqlalchemy as sa

from engine import clock, jobs, nightly, worker
from engine.db import append_only
from engine.db.models import instance, job, proof
from engine.executor import Engine
from tests.web import stage
from tests.web.conftest import Office


def auditor(office: Office) -> str:
    return next(login for login, actor in office.people.items() if "auditor" in actor.roles)


def number_of(office: Office, case: str) -> str:
    with office.engine.read() as connection:
        return str(connection.scalar(sa.select(instance.c.business_key).where(instance.c.id == case)))


def alter(engine: Engine, case: str) -> None:
    with engine.store.write() as connection:
        for drop in append_only.drop_statements(engine.store.dialect):
            connection.exec_driver_sql(drop)
        connection.execute(sa.text(f"UPDATE command SET actor = 'person:99' WHERE stream = '{case}' AND seq = 1"))
        connection.commit()


def read(office: Office, address: str, status: int = 200) -> str:
    answer = office.visit(auditor(office)).get(address, headers={"Accept-Language": "zh-CN"})
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_a_whole_case_is_called_whole_and_a_changed_one_not(office_of_both: Office) -> None:
    office = office_of_both
    case = stage.start(office.engine, office.people)

    assert "记录完整，没有被改过" in read(office, f"/audit/proof/{case}")

    alter(office.engine, case)
    page = read(office, f"/audit/proof/{case}")
    assert "第 1 条对不上：记录被改动。" in page and number_of(office, case) in page
    assert "没有被改过" not in page


def test_hashes_are_spoken_of_behind_how_it_is_checked_alone(office: Office) -> None:
    case = stage.start(office.engine, office.people)

    for address in ("/audit/proof", f"/audit/proof/{case}"):
        page = read(office, address)
        before, rest = page.split("<details><summary>怎么核验的</summary>")
        assert (
            "哈希" not in before and "哈希" in rest.split("</details>")[0] and "哈希" not in rest.split("</details>")[1]
        )


def test_the_page_tells_of_the_night_and_its_seal(office: Office) -> None:
    case = stage.start(office.engine, office.people)
    assert "还没有核验过" in read(office, "/audit/proof") and "还没有封存" in read(office, "/audit/proof")
    nightly.ensure(office.engine)

    with clock.hold(stage.NOW + timedelta(days=1)):
        worker.run_due(office.engine)

    page = read(office, "/audit/proof")
    assert "记录完整，没有被改过" in page and "最近一次：" in page

    alter(office.engine, case)
    with clock.hold(stage.NOW + timedelta(days=2)):
        worker.run_due(office.engine)

    page = read(office, "/audit/proof")
    assert "第 1 条对不上：记录被改动。" in page and number_of(office, case) in page
    administrator = next(login for login, actor in office.people.items() if "administrator" in actor.roles)
    incidents = office.visit(administrator).get("/incidents", headers={"Accept-Language": "zh-CN"})
    assert "每晚的完整性核验" in incidents.get_data(as_text=True)


def test_a_case_is_found_by_its_number_or_said_not_to_be(office: Office) -> None:
    case = stage.start(office.engine, office.people)

    answer = office.visit(auditor(office)).get("/audit/proof", query_string={"number": number_of(office, case)})

    assert (answer.status_code, answer.location) == (303, f"/audit/proof/{case}")
    assert "没有这个编号的案件" in read(office, "/audit/proof?number=XX-1")


def test_auditors_come_to_the_proof_from_the_case(office: Office) -> None:
    case = stage.start(office.engine, office.people)

    assert f"/audit/proof/{case}" in read(office, f"/cases/{case}")
    member = office.visit("chen_siyu")
    assert f"/audit/proof/{case}" not in member.get(f"/cases/{case}").get_data(as_text=True)
    assert member.get(f"/audit/proof/{case}").status_code == 403


def test_everything_is_proven_at_a_click_once_at_a_time_and_the_page_says_how_far(office_of_both: Office) -> None:
    office = office_of_both
    stage.start(office.engine, office.people)
    client = office.visit(auditor(office))
    assert "全库核验" in read(office, "/audit/proof")

    for _ in range(2):
        assert client.post("/audit/proof/run", data={"every": "1"}).status_code == 303
    waiting = read(office, "/audit/proof")
    part = client.get("/audit/proof/progress", headers={"HX-Request": "true", "Accept-Language": "zh-CN"})
    assert 'hx-get="/audit/proof/progress"' in waiting and "全库核验马上开始" in waiting and "<button" in waiting
    assert 'action="/audit/proof/run"' not in waiting and part.text.startswith('<div class="rf-proof-run"')

    worker.run_due(office.engine)

    over = client.get("/audit/proof/progress")
    assert (over.headers.get("HX-Refresh"), over.text) == ("true", "")
    page = read(office, "/audit/proof")
    with office.engine.read() as connection:
        [who] = connection.execute(sa.select(proof.c.asked_by, proof.c.cases)).all()
    assert tuple(who) == (office.people[auditor(office)].key, 1)
    assert "记录完整，没有被改过" in page and "条查阅记录，重走 1 个案件" in page and "hx-get" not in page


def test_a_proof_that_broke_off_says_so_and_is_begun_again(office: Office) -> None:
    client = office.visit(auditor(office))
    client.post("/audit/proof/run")
    with office.engine.store.write() as connection:
        connection.execute(job.update().where(job.c.id == jobs.PROOF_ID).values(status=jobs.INCIDENT, error="x"))
        connection.commit()

    page = read(office, "/audit/proof")
    assert "上次全库核验中断了" in page and 'action="/audit/proof/run"' in page and "hx-get" not in page

    client.post("/audit/proof/run")
    worker.run_due(office.engine)

    assert "记录完整，没有被改过" in read(office, "/audit/proof")


def test_what_is_wrong_with_cases_stands_before_missing_triggers_and_names_the_access_log(office: Office) -> None:
    case = stage.start(office.engine, office.people)
    read(office, f"/cases/{case}")
    office.engine.access.flush()
    alter(office.engine, case)
    with office.engine.store.write() as connection:
        connection.execute(sa.text("UPDATE access SET actor = 'person:99' WHERE seq = 2"))
        connection.commit()

    office.visit(auditor(office)).post("/audit/proof/run")
    worker.run_due(office.engine)

    page = read(office, "/audit/proof")
    places = [
        page.index(one) for one in (number_of(office, case), "<b>查阅记录</b> 第 2 条对不上", "保护记录的触发器缺失")
    ]
    assert places == sorted(places)


def test_a_case_whose_texts_can_not_be_read_any_more_is_judged_all_the_same(office: Office) -> None:
    case = stage.start(office.engine, office.people)
    alter(office.engine, case)
    with office.engine.store.write() as connection:
        connection.exec_driver_sql("UPDATE instance SET subject = CAST(x'E69E97ff' AS TEXT)")
        connection.exec_driver_sql(
            "UPDATE command SET actor = CAST(x'70ff' AS TEXT) WHERE seq = 1 AND kind = 'start_process'"
        )
        connection.exec_driver_sql("UPDATE user_task SET name = CAST(x'ff' AS TEXT)")
        connection.commit()

    page = read(office, f"/audit/proof/{case}")

    assert "<h1>林" in page and "第 1 条对不上：记录被改动。" in page and "没有被改过" not in page
