"""A changed deadline is measured against what was done last year: by the new clock, from the same anchor."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from engine import clock
from engine.clock import OFFICE
from engine.commands.deploy_procedure import DeployProcedure
from engine.db.models import breach, deadline_met
from engine.executor import Engine
from engine.queries import compare
from engine.stories import company
from tests.web import stage

NOW = datetime(2026, 11, 19, 14, 20, tzinfo=OFFICE)
OPENED = datetime(2026, 11, 10, 9, 0, tzinfo=OFFICE)  # a Tuesday
HOURS = 24  # the deadline T-03 as it is


def past(engine: Engine, *replaced: tuple[bytes, bytes]) -> list[tuple[int, int, int]]:
    """What a new version of the round would have done: (total, more, fewer) of each changed deadline."""
    files = dict(next(one for one in stage.deployments() if "complaint-round.bpmn" in one))
    for old, new in replaced:
        (name,) = (name for name, content in files.items() if old in content)
        files[name] = files[name].replace(old, new)
    engine.execute(DeployProcedure(files=files), company.OPERATOR)
    with engine.read() as connection:
        found = compare.comparison(connection, "complaint-round", 1, None, NOW)
    return [(one.total, one.more, one.fewer) for one in found.past]


def done_after(engine: Engine, *hours: float) -> None:
    """Solutions that took so many hours, in time or late, as the projections keep them."""
    people = company.actors(engine)
    case = stage.start(engine, people, OPENED)
    due = OPENED + timedelta(hours=HOURS)
    place = {"case_id": case, "element": "file_solution", "deadline": "T-03", "due_at": due}
    with engine.store.engine.begin() as connection:
        for number, one in enumerate(hours):
            met = place | {"met_at": OPENED + timedelta(hours=one)}
            if one <= HOURS:
                connection.execute(sa.insert(deadline_met), met)
            else:
                row = {"id": f"{number:032x}", "scope": "", "round": 1, **met}
                connection.execute(sa.insert(breach), row)


def test_a_shorter_deadline_counts_what_would_have_been_late_besides(engine: Engine):
    stage.furnish(engine)
    done_after(engine, 5, 8, 10, 23, 30)

    with clock.hold(NOW):
        assert past(engine, (b"value = 24", b"value = 8")) == [(5, 2, 0)]


def test_a_longer_deadline_counts_what_would_have_been_in_time(engine: Engine):
    stage.furnish(engine)
    done_after(engine, 5, 30, 60)

    with clock.hold(NOW):
        assert past(engine, (b"value = 24", b"value = 48")) == [(3, 0, 1)]


def test_office_hours_are_counted_by_the_calendar(engine: Engine):
    stage.furnish(engine)
    done_after(engine, 4, 10)  # of four office hours from nine o'clock, lunch between them: due early in the afternoon

    with clock.hold(NOW):
        assert past(engine, (b"hours(parameter(&quot;solution_hours&quot;)", b"working_hours(4")) == [(2, 1, 0)]


def test_of_another_anchor_nothing_is_said(engine: Engine):
    stage.furnish(engine)
    done_after(engine, 5, 30)

    with clock.hold(NOW):
        assert past(engine, (b"after=input.anchor", b"after=started_at()")) == []
