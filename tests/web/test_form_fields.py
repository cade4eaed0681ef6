"""A posted page becomes values, fields become HTML that works without a script and says its errors at the field."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string
from lxml import html
from werkzeug.datastructures import FileStorage, MultiDict

from engine.errors import FileTooLarge, FormRejected
from engine.form_schema import Form
from engine.workflow import expressions
from engine.workflow.functions import PURE
from web.form_fields import FieldView, error_summary, field_views, posted_values
from web.form_reading import submission_views

ROOT = Path(__file__).parents[2]
PAGE = """{% from "_fields.html" import fields, error_summary, conditional_fields, answers with context %}"""
REGISTERS = {
    "department": [("engineering_dept", "工程部"), ("design_dept", "设计部")],
    "person": [("lv_qiang", "吕强")],
}


def form_of(name: str) -> Form:
    return Form.read(json.loads((ROOT / "forms" / f"{name}.json").read_text(encoding="utf-8")))


class Shelf:
    """Uploads that are kept in memory."""

    def __init__(self) -> None:
        self.files: dict[str, Mapping[str, Any]] = {}

    def add(self, file: FileStorage) -> Mapping[str, Any]:
        content = file.read()
        if len(content) > 100:
            raise FileTooLarge(limit_megabytes=20)
        digest = f"{len(self.files):064x}"
        self.files[digest] = {"digest": digest, "name": file.filename, "size": len(content), "type": file.mimetype}
        return self.files[digest]

    def find(self, digest: str) -> Mapping[str, Any] | None:
        return self.files.get(digest)


def post(form: Form, *pairs: tuple[str, str], files: Any = (), shelf: Shelf | None = None) -> Any:
    return posted_values(form, MultiDict(pairs), MultiDict(files), shelf or Shelf())


def applies(text: str, values: Mapping[str, Any]) -> bool:
    return expressions.compile(text).evaluate({"input": {"round": 1}, **values}, PURE) is True


def views(form: Form, values: Mapping[str, Any], errors: Any = None, language: str = "zh_CN") -> list[FieldView]:
    return field_views(
        form, values, language=language, choices=lambda name: REGISTERS.get(name, []), applies=applies, errors=errors
    )


def page(template: str, **variables: Any) -> html.HtmlElement:
    app = Flask(__name__, template_folder=str(ROOT / "web" / "templates"))
    app.jinja_env.globals["_"] = lambda text, **parameters: text % parameters if parameters else text
    with app.test_request_context():
        return html.fromstring("<main>" + render_template_string(PAGE + template, **variables) + "</main>")


def test_names_outside_the_form_are_not_fields() -> None:
    posted = post(form_of("complaint-resolution/confirm_validity"), ("revision", "3"), ("f.valid", "yes"), ("f.x", "1"))

    assert posted.values == {"valid": "yes", "x": "1"}


def test_a_repeated_key_becomes_a_list() -> None:
    form = form_of("complaint-intake/classify_complaint")

    posted = post(form, ("f.type", "repair"), ("f.type", "general"), ("f.rd_list", "a"), ("f.needs_opinion", "yes"))

    assert posted.values == {"type": ["repair", "general"], "rd_list": ["a"], "needs_opinion": True}


@pytest.mark.parametrize(
    ("typed", "value"), [("72", 72), (" 1,200 ", 1200), ("７２", 72), ("7.5", "7.5"), ("three", "three"), ("", "")]
)
def test_a_whole_number_is_read_as_people_type_it(typed: str, value: int | str) -> None:
    posted = post(form_of("complaint-against-cs/accept_complaint"), ("f.limit_hours", typed))

    assert posted.values == {"limit_hours": value}


def test_money_stays_text() -> None:
    posted = post(form_of("compensation-payment/payment_voucher"), ("f.amount", "125,000.50"))

    assert posted.values["amount"] == "125000.50"


def test_rows_come_in_the_order_of_the_page_without_empty_ones() -> None:
    form = form_of("major-solution/review_cost")

    posted = post(
        form,
        ("f.shares.10.bearer", "crew"),
        ("f.shares.2.bearer", "employee"),
        ("f.shares.2.percent", "40"),
        ("f.shares.3.percent", ""),
        ("f.shares.x.percent", "1"),
    )

    assert posted.values["shares"] == [{"bearer": "employee", "percent": 40}, {"bearer": "crew"}]


def test_a_file_is_kept_while_its_box_is_ticked_and_new_ones_are_added() -> None:
    form, shelf = form_of("complaint-round/visit_or_explain"), Shelf()
    old = shelf.add(FileStorage(io.BytesIO(b"1"), "north.jpg", content_type="image/jpeg"))
    new = FileStorage(io.BytesIO(b"22"), "south.jpg", content_type="image/jpeg")

    kept = post(form, ("f.photos", str(old["digest"])), ("f.photos", "f" * 64), files=[("f.photos", new)], shelf=shelf)

    assert [file["name"] for file in kept.values["photos"]] == ["north.jpg", "south.jpg"]
    assert post(form, shelf=shelf).values["photos"] == []


def test_a_file_that_is_too_large_is_an_error_of_its_field() -> None:
    large = FileStorage(io.BytesIO(b"x" * 101), "north.jpg", content_type="image/jpeg")

    posted = post(form_of("complaint-round/visit_or_explain"), ("f.result", "修好"), files=[("f.photos", large)])

    assert posted.values == {"result": "修好"}
    assert posted.errors == {"photos": ("file.too_large", {"limit_megabytes": 20})}


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("forms/*/*.json")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_every_input_has_a_label_and_a_name(path: Path) -> None:
    form = form_of(f"{path.parent.name}/{path.stem}")
    everything = field_views(
        form, {}, language="zh", choices=lambda name: REGISTERS.get(name, []), applies=lambda text, values: True
    )

    tree = page("{{ fields(views) }}", views=everything)

    inputs = tree.xpath("//input | //select | //textarea")
    assert inputs
    for element in inputs:
        assert element.get("name").startswith("f.")
        assert tree.xpath("//label[@for=$id]", id=element.get("id"))
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    for described in tree.xpath("//@aria-describedby"):
        assert set(described.split()) <= set(ids)


def test_an_error_stands_at_its_field_and_keeps_what_was_typed() -> None:
    form = form_of("complaint-against-cs/accept_complaint")
    errors = {"limit_hours": ("form.range", {"least": "1", "most": "2160"})}

    tree = page("{{ fields(views) }}", views=views(form, {"limit_hours": 9000}, errors))

    (field,) = tree.xpath("//input[@name='f.limit_hours']")
    assert field.get("value") == "9000"
    assert field.get("aria-invalid") == "true"
    assert field.get("inputmode") == "numeric"
    assert "text-end" in field.get("class")
    (message,) = tree.xpath("//*[@id='f-limit_hours-error']")
    assert "要在 1 到 2160 之间" in message.text_content()
    assert "f-limit_hours-error" in field.get("aria-describedby").split()
    assert "小时" in field.getparent().text_content()


def test_the_summary_links_to_every_field_in_the_order_of_the_page() -> None:
    form = form_of("major-solution/review_cost")
    rejected = FormRejected(
        {
            "shares.1.percent": ("form.range", {"least": "0", "most": "100"}),
            "decision": ("form.required", {}),
            "ghost": ("form.unknown", {"field": "ghost"}),
        }
    )

    tree = page("{{ error_summary(lines) }}", lines=error_summary(form, rejected, "zh_CN"))

    (alert,) = tree.xpath("//*[@role='alert']")
    assert [link.get("href") for link in alert.xpath(".//a")] == ["#f-decision", "#f-shares-1-percent"]
    assert [link.text for link in alert.xpath(".//a")] == ["决定", "费用承担 2 · 比例"]
    assert "ghost" in alert.text_content()


def test_a_field_whose_condition_is_not_met_leaves_only_its_place() -> None:
    form = form_of("complaint-round/file_solution")

    before = page("{{ fields(views) }}", views=views(form, {"visit": "no"}))
    after = page("{{ conditional_fields(views) }}", views=views(form, {"visit": "yes"}))

    assert not before.xpath("//*[@name='f.visit_at']")
    assert before.xpath("//*[@id='f-visit_at-place']")
    assert after.xpath("//*[@id='f-visit_at-place'][@hx-swap-oob='true']//input[@type='datetime-local']")
    assert not after.xpath("//*[@name='f.alternatives']")


def test_what_is_no_longer_asked_is_emptied_and_says_so() -> None:
    form = form_of("complaint-round/file_solution")
    errors = {"visit": ("form.not_asked", {})}

    tree = page("{{ fields(views) }}", views=views(form, {"cannot_solve": True, "visit": "yes"}, errors))

    assert not tree.xpath("//input[@name='f.visit'][@checked]")
    assert "不用填" in tree.xpath("//*[@id='f-visit-error']")[0].text_content()


@pytest.mark.parametrize(("filled", "rows"), [(0, 2), (2, 4), (4, 5), (7, 8)])
def test_empty_rows_are_there_to_write_in(filled: int, rows: int) -> None:
    form = form_of("complaint-handling/close_complaint")
    persons = [{"person": "lv_qiang", "rule": "P-03"}] * filled

    tree = page("{{ fields(views) }}", views=views(form, {"persons_at_fault": persons}))

    assert len(tree.xpath("//*[@role='group']")) == rows
    assert len(tree.xpath("//option[@value='lv_qiang'][@selected]")) == filled


def test_photos_open_the_camera_and_recordings_do_not() -> None:
    photos = page("{{ fields(views) }}", views=views(form_of("complaint-round/visit_or_explain"), {}))
    both = page("{{ fields(views) }}", views=views(form_of("complaint-resolution/verify_with_customer"), {}))

    assert photos.xpath("//input[@type='file']/@capture") == ["environment"]
    assert both.xpath("//input[@type='file']/@accept") == ["image/*,audio/*"]
    assert not both.xpath("//input[@type='file']/@capture")


def test_what_a_person_typed_can_not_become_markup() -> None:
    form = form_of("complaint-resolution/confirm_validity")

    tree = page("{{ fields(views) }}", views=views(form, {"reason": "</textarea><script>1</script>"}))

    assert not tree.xpath("//script")
    assert tree.xpath("//textarea")[0].text.strip() == "</textarea><script>1</script>"


def test_a_page_in_english_has_english_labels() -> None:
    tree = page("{{ fields(views) }}", views=views(form_of("complaint-resolution/closing_call"), {}, language="en"))

    assert "Reached?" in tree.text_content()
    assert not any("\u4e00" <= sign <= "\u9fff" for sign in tree.text_content())


def test_a_submission_is_read_with_names_units_and_masked_phones() -> None:
    register = {"customer": "林婉清", "phone": "13800136058", "source": "phone", "claim": True, "to_boss": False}
    voucher = {"amount": "125000.00", "shares": [{"bearer": "employee", "person": "lv_qiang", "percent": 40}]}
    names = dict(REGISTERS["person"])
    template = "{{ answers(shown, 1, mask, file_url) }}"
    helpers = {"mask": lambda seq, one: one.text[:3] + "****" + one.text[-4:], "file_url": lambda file: "/"}

    shown = submission_views(
        form_of("complaint-handling/register_complaint"), register, language="zh", name_of=lambda _, key: names[key]
    )
    costs = submission_views(
        form_of("compensation-payment/payment_voucher"), voucher, language="zh", name_of=lambda _, key: names[key]
    )

    text = page(template, shown=shown, **helpers).text_content()
    assert "138****6058" in text
    assert "13800136058" not in text
    assert "来电" in text
    assert "找过公司领导" not in text
    money = page(template, shown=costs, **helpers).text_content()
    assert "125,000.00 元" in money
    assert "员工或工长 吕强" in money
    assert "比例 40 %" in money


def test_a_moment_is_read_with_its_weekday() -> None:
    values = {"call_time": "2026-11-19T14:02:00+08:00", "reached": "yes"}

    (reached, call_time) = submission_views(
        form_of("complaint-resolution/closing_call"), values, language="zh", name_of=lambda _, key: key
    )

    assert (reached.text, call_time.text) == ("已联系上", "2026-11-19 周四 14:02")


def test_a_list_that_the_case_has_filled_shows_no_empty_rows_until_they_are_asked_for() -> None:
    form = form_of("repair-monthly-settlement/hand_in_list")
    crew = {"crew": "crew_tie_zhu", "count": 1, "labour": "440.00", "material": "0.00", "total": "440.00"}

    shown = page("{{ fields(views) }}", views=views(form, {"crews": [crew], "unsigned": []}))

    open_rows, folded = ('/div[@role="group"]', "/details/div")
    crews, unsigned = (f'//fieldset[@id="f-{name}"]' for name in ("crews", "unsigned"))
    assert [len(shown.xpath(one + open_rows)) for one in (crews, unsigned)] == [1, 0]
    assert [len(shown.xpath(one + folded)) for one in (crews, unsigned)] == [2, 2]


def test_a_list_that_is_to_be_filled_shows_one_empty_row() -> None:
    shown = page("{{ fields(views) }}", views=views(form_of("repair-training/take_attendance"), {}))

    assert len(shown.xpath('//fieldset/div[@role="group"]')) == 1
    assert len(shown.xpath("//fieldset/details/div")) == 1
