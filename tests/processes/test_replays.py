"""Stories of the complaint family, replayed for the auditor: rounds, breaches, called procedures."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.actor import AUDITOR, Actor
from engine.db.models import instance
from engine.queries import case_replay
from engine.settings import ROOT, Settings
from engine.stories import story, theatre

READER = Actor(key="person:1", principals=frozenset({"person:1"}), roles=frozenset({AUDITOR}))
SCENARIOS = ROOT / "processes" / "complaint-handling" / "scenarios"


@pytest.mark.parametrize("name", ["arbitration-to-pay", "escalated-to-the-end"])
def test_a_replay_reaches_the_end_of_every_case_of_a_story(name: str, tmp_path: Path) -> None:
    settings = Settings(var=tmp_path, job_tries=3)
    theatre.prepare(settings, ROOT / "processes" / "company.toml")
    with theatre.opened(settings) as engine:
        theatre.perform(story.load(SCENARIOS / f"{name}.toml"), engine)
        with engine.read() as connection:
            cases = list(connection.scalars(sa.select(instance.c.id)))
            records = [case_replay.recorded(connection, READER, case) for case in cases]

    for record in records:
        frames = list(case_replay.frames(record))
        assert [one.happening.seq for one in frames] == [row["seq"] for row in record.log]
        assert {one.code for one in frames} == {None}
        assert bool(frames[-1].tokens) == (record.case["status"] == "running")
    assert len({key for record in records for one in case_replay.frames(record) for key in one.states}) > 2
