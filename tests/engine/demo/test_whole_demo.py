"""The demo as `make run` makes it: large enough, and whole."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.cli import main

UNTIL = "2026-11-20T10:00:00+08:00"  # a test must not depend on the day
LEAST = {
    "people": 40,
    "customers": 200,
    "cases": 300,
    "commands": 4000,
    "open_tasks": 30,
    **dict.fromkeys(("fresh", "due_soon", "overdue", "offered", "claimed", "escalated"), 3),
    **dict.fromkeys(("several_departments", "suspended", "incidents"), 3),
}
COMMANDS = (
    {"claim_task", "complete_task", "comment", "attach_file", "transfer_task", "release_task", "report_progress"}
    | {"reschedule", "suspend_instance", "resume_instance", "cancel_instance", "start_process", "start_recurring"}
    | {"correlate_message", "fire_timer"}
)
END_STATES = (
    {"closed_satisfied", "closed_not_valid", "escalated_major", "moved_to_arbitration", "rerouted", "contact_added"}
    | {"cancelled", "closed", "closed_with_fault", "closed_justified", "closed_unjustified", "confirmed", "rejected"}
    | {"sent", "closed", "taken_over_closed", "departed_crew_closed", "declined_paid_service"}
    | {"terminated_refunded", "customer_retained", "settled", "refused", "scheduled", "done"}
    | {"excellent", "good", "passed", "foreman_replaced", "returned_incomplete"}
)  # of all procedures that begin by themselves


@pytest.mark.slow
def test_the_whole_demo_shows_everything_and_replays(tmp_path: Path) -> None:
    runner = CliRunner(env={"RENOFLOW_VAR": str(tmp_path), "RENOFLOW_DATABASE_URL": ""})

    made = runner.invoke(main, ["demo", "--json", "--until", UNTIL], catch_exceptions=False)

    shown = json.loads(made.stdout)
    assert {name: shown[name] for name, least in LEAST.items() if shown[name] < least} == {}
    assert COMMANDS - shown["kinds"].keys() == set()
    assert END_STATES - shown["end_states"].keys() == set()
    for proof in (["audit", "verify"], ["audit", "replay", "--all"]):
        assert runner.invoke(main, proof, catch_exceptions=False).exit_code == 0
    again = runner.invoke(main, ["demo", "--if-empty", "--json"], catch_exceptions=False)
    assert json.loads(again.stdout)["accounts"] == shown["accounts"]
