"""procedure.toml through its form: comments, order and spelling survive; every shipped file comes back as it was."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from engine.studio.procedure_settings import Parameter, fault, read, written

ROOT = Path(__file__).parents[3]
SHIPPED = sorted((ROOT / "processes").glob("*/procedure.toml"))
FILE = """\
title    = "报修"   # as people say it
owner    = "group:service_manager"
clauses  = ["3.8",
            "A-06"]
starters = ["group:customer_service_dept"]

[lanes]
# who works here
"客服专员" = "group:service_specialist"

[parameters]
hours = { value = 24, title = "到场", convention = true, source = "A-06" }   # T-18
plain = 3
slot  = { value = "13:30" }

[unknown]
kept = 1

[english]
"登记" = "Register"
""".encode()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_every_shipped_file_comes_back_to_the_letter(path: Path) -> None:
    content = path.read_bytes()

    assert written(content, read(content)) == content


def test_only_the_changed_value_is_written_anew() -> None:
    before = read(FILE)
    hours, *others = before.parameters

    after = written(FILE, replace(before, parameters=(replace(hours, value="8"), *others)))

    assert after == FILE.replace(b"value = 24", b"value = 8")


def test_a_lane_gets_another_group_and_its_comment_stays() -> None:
    after = written(FILE, replace(read(FILE), lanes=(("客服专员", "dynamic"),)))

    assert after == FILE.replace(b'"group:service_specialist"', b'"dynamic"')


def test_a_new_parameter_stands_below_the_others_and_a_removed_one_is_gone() -> None:
    before = read(FILE)
    new = Parameter(name="urgent", kind="yes_no", value="yes", title="加急", convention=True)

    after = written(FILE, replace(before, parameters=(*before.parameters[:1], new)))

    values = tomllib.loads(after.decode())
    assert values["parameters"] == {
        "hours": {"value": 24, "title": "到场", "convention": True, "source": "A-06"},
        "urgent": {"value": True, "title": "加急", "convention": True},
    }
    assert "# T-18" in after.decode()
    assert values["unknown"] == {"kept": 1}


def test_a_plain_parameter_that_gets_a_title_becomes_a_record() -> None:
    before = read(FILE)
    hours, plain, slot = before.parameters

    after = written(FILE, replace(before, parameters=(hours, replace(plain, title="次数"), slot)))

    assert tomllib.loads(after.decode())["parameters"]["plain"] == {"value": 3, "title": "次数"}


def test_kinds_are_told_by_their_values() -> None:
    assert [(one.name, one.kind) for one in read(FILE).parameters] == [
        ("hours", "number"),
        ("plain", "number"),
        ("slot", "time"),
    ]


@pytest.mark.parametrize(
    ("kind", "value"),
    [("number", "2.5"), ("number", ""), ("time", "24:00"), ("date", "2026-02-30"), ("yes_no", "maybe"), ("text", "")],
)
def test_a_value_that_is_none_of_its_kind_is_a_fault(kind: str, value: str) -> None:
    assert fault(kind, value)


def test_a_value_of_its_kind_is_none() -> None:
    good = [("number", "-3"), ("time", "23:59"), ("date", "2026-02-28"), ("yes_no", "no"), ("text", "x")]

    assert not [one for one in good if fault(*one)]
