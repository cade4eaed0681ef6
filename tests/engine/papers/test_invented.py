"""The invented case sets every shipped template, filled in: nothing that it prints is a blank line by mistake."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.errors import PaperFailed
from engine.form_schema import Form
from engine.papers import invented
from engine.papers.press import PRESS

ROOT = Path(__file__).parents[3]
TEMPLATES = sorted(ROOT.glob("processes/*/documents/*.typ"))
FORMS = {path.stem: Form.read(json.loads(path.read_text())) for path in sorted(ROOT.glob("forms/*/*.json"))}
AT = datetime(2025, 9, 26, tzinfo=UTC)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parents[1].name}/{path.stem}")
def test_every_shipped_paper_is_set_with_the_invented_case(path: Path) -> None:
    pages = invented.pictures(path.read_text(), FORMS)

    assert all(page.startswith(b"\x89PNG") for page in pages)


def test_a_form_s_answer_stands_on_the_paper() -> None:
    template = '#import "/paper.typ": *\n#show: paper.with(title: said("report_repair.defect"))'

    paper = PRESS.pdf(template, invented.case(template, FORMS), AT)

    assert paper.title == "（" + invented.case("", FORMS)["said"]["report_repair"]["fields"]["defect"]["label"] + "）"


def test_a_template_that_cannot_be_set_says_in_which_line() -> None:
    with pytest.raises(PaperFailed) as refused:
        invented.pictures("\n#nothing_of_this_name", FORMS)

    assert refused.value.context["reason"].startswith("line 2:")


def test_an_answer_of_every_kind_is_printed() -> None:
    fields = invented.case("", FORMS)["said"]["report_repair"]["fields"]

    assert fields["defect"]["text"] == "（" + fields["defect"]["label"] + "）"
    assert all(one.get("text") or one.get("rows") for one in fields.values())


def test_what_no_form_answers_is_guessed_from_its_name() -> None:
    known = invented.case('known("compute.labour", "input.warranty_until") known("input.site")', {})["known"]

    assert known == {"compute": {"labour": "1200.00"}, "input": {"warranty_until": "2025-09-26", "site": "demo"}}
