"""`renoflow audit export`: to a file or to the next program."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Renoflow = Callable[..., Result]


def test_a_case_is_written_to_a_file(renoflow: Renoflow, case: str, tmp_path: Path) -> None:
    target = tmp_path / "case.xes"

    done = renoflow("audit", "export", "--format", "xes", "--case", case, "--output", str(target))

    assert (done.exit_code, done.output) == (0, "")
    assert target.read_text(encoding="utf-8").count("<trace>") == 1


def test_a_period_is_written_to_standard_output(renoflow: Renoflow, case: str) -> None:
    day = renoflow("audit", "export", "--format", "jsonl", "--from", "2025-09-26", "--to", "2025-09-26").stdout
    next_day = renoflow("audit", "export", "--format", "jsonl", "--from", "2025-09-27").stdout

    assert [json.loads(one)["seq"] for one in day.splitlines() if case in one] == [1, 2, 3]
    assert next_day == ""


def test_what_is_not_there_leaves_no_file(renoflow: Renoflow, case: str, tmp_path: Path) -> None:
    target = tmp_path / "case.xes"

    done = renoflow("audit", "export", "--format", "xes", "--case", "YB-1999-0001", "--output", str(target))

    assert done.exit_code == 1 and not target.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--format", "doc"),
        ("--format", "csv", "--from", "gestern"),
        ("--format", "csv", "--case", "x", "--to", "2025-01-01"),
    ],
)
def test_wrong_use_is_said(renoflow: Renoflow, arguments: tuple[str, ...]) -> None:
    assert renoflow("audit", "export", *arguments).exit_code == 2
