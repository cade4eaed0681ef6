"""Forms with long lists: what the lint allows (200 items) must arrive, however the page sends it."""

import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from engine.db.models import submission as submitted
from engine.executor import Engine
from tests.bad_input.browsing import Browser, submission
from tests.bad_input.conftest import Open, open_task
from tests.bad_input.strict_procedure import FORM, strict_files
from tests.bad_input.untouched import nothing_changes
from tests.factories import deploy_files, start

Visit = Callable[..., Browser]
ROWS, COLUMNS = 200, ("what", "where", "who", "why", "when", "rest")
CELL = "厨房吊柜门板起皮需要更换并由供应商承担费用和工期损失"


@pytest.fixture
def listed(company: Engine) -> Open:
    """A case whose task asks for a list of six columns beside its other fields."""
    files = strict_files()
    form = json.loads(files[FORM])
    columns = [
        {"type": "textfield", "key": key, "label": key, "properties": {"label_en": key}, "validate": {"required": True}}
        for key in COLUMNS
    ]
    form["components"].append(
        {
            "type": "dynamiclist",
            "path": "defects",
            "label": "缺陷",
            "components": columns,
            "properties": {"label_en": "x"},
        }
    )
    deploy_files(company, files | {FORM: json.dumps(form).encode()})
    case = start(company)
    return Open(case, open_task(company, case))


@pytest.mark.parametrize("content_type", ["multipart/form-data", "application/x-www-form-urlencoded"])
def test_a_list_of_200_rows_arrives_whole(company: Engine, listed: Open, visit: Visit, content_type: str) -> None:
    cells = {f"defects.{row}.{key}": f"{CELL}{row}" for row in range(ROWS) for key in COLUMNS}
    sent = submission(company, listed.task, result="settled", **cells)

    answer = visit(1).post_body(f"/tasks/{listed.task}/complete", sent, content_type)

    assert answer.status_code == 303
    with company.read() as connection:
        values = connection.scalars(sa.select(submitted.c["values"]).where(submitted.c.element == "answer")).one()
    assert len(values["defects"]) == ROWS
    assert values["defects"][-1] == dict.fromkeys(COLUMNS, f"{CELL}{ROWS - 1}")


def test_a_list_of_more_rows_is_refused_at_its_field_and_kept_to_be_shortened(
    company: Engine, listed: Open, visit: Visit
) -> None:
    sent = submission(company, listed.task, result="settled", **{f"defects.{row}.what": CELL for row in range(201)})

    answer = visit(1).post(f"/tasks/{listed.task}/complete", sent)

    assert answer.status_code == 422
    assert "200" in answer.text and "f-defects" in answer.text and f'value="{CELL}"' in answer.text


@pytest.mark.parametrize(
    ("content_type", "fields"),
    [
        ("multipart/form-data", {f"defects.{row}.what": CELL for row in range(10_001)}),
        ("multipart/form-data", {"words": "长" * 1_500_000}),
        ("application/x-www-form-urlencoded", {"words": "长" * 500_000}),
    ],
    ids=["parts", "long", "long and encoded"],
)
def test_a_form_without_end_is_refused_before_it_is_read(
    company: Engine, listed: Open, visit: Visit, content_type: str, fields: dict[str, str]
) -> None:
    browser, sent = visit(1), submission(company, listed.task, result="settled", **fields)

    with nothing_changes(company):
        answer = browser.post_body(f"/tasks/{listed.task}/complete", sent, content_type)

    assert answer.status_code == 413
