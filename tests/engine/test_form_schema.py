"""A form takes what is right, refuses the rest with all errors at once, and keeps private text out of the log."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.canonical import canonical
from engine.errors import FormRejected, InvalidFormSchema
from engine.form_schema import Checked, Form, FormContext, problems
from engine.messages import MESSAGES, say
from engine.workflow import expressions
from engine.workflow.functions import PURE

FORMS = Path(__file__).parents[2] / "forms"
STARTED = datetime(2025, 9, 26, 8, 0, 25, tzinfo=UTC)  # 16:00:25 in the office
NOW = datetime(2025, 9, 27, 2, 0, tzinfo=UTC)  # Saturday 10:00


def context(data: Mapping[str, Any] | None = None) -> FormContext:
    def evaluate(text: str, values: Mapping[str, Any]) -> Any:
        return expressions.compile(text).evaluate({**(data or {}), **values}, PURE)

    known = {"engineering_dept", "design_dept", "zhao_min", "HT-1"}
    return FormContext(now=NOW, started_at=STARTED, evaluate=evaluate, exists=lambda register, key: key in known)


def component(kind: str, key: str, *, validate: Any = None, custom: Any = None, **more: Any) -> dict[str, Any]:
    names = {"dateLabel" if kind == "datetime" else "label": key}
    custom = {"label_en": key, **(custom or {})}
    return {"type": kind, "key": key, **names, "validate": validate or {}, "properties": custom, **more}


def schema_of(*components: Mapping[str, Any], rules: Any = ()) -> dict[str, Any]:
    heads = {"type": "default", "id": "probe", "schemaVersion": 16, "title": "表", "title_en": "Form"}
    return {**heads, "components": list(components), "rules": list(rules)}


def check(posted: Mapping[str, Any], *components: Mapping[str, Any], rules: Any = (), data: Any = None) -> Checked:
    return Form.read(schema_of(*components, rules=rules)).check(posted, context(data))


def refused(posted: Mapping[str, Any], *components: Mapping[str, Any], rules: Any = ()) -> dict[str, str]:
    with pytest.raises(FormRejected) as caught:
        check(posted, *components, rules=rules)
    for code, parameters in caught.value.errors.values():
        assert code in MESSAGES
        assert "…" not in say(code, "zh", **parameters) + say(code, "en", **parameters)
    canonical({key: parameters for key, (_, parameters) in caught.value.errors.items()})  # plain data
    return {key: code for key, (code, _) in caught.value.errors.items()}


YES_NO = {"values": [{"value": v, "label": v, "label_en": v} for v in ("yes", "no")]}
REQUIRED = {"required": True}
NAME = component("textfield", "name", validate=REQUIRED)
PHONE = component("textfield", "phone", validate={"validationType": "phone"})
STORY = component("textarea", "story")
COUNT = component("number", "count", validate={"min": 1, "max": 9})
MONEY = component("number", "amount", validate={"min": 0, "max": 100000}, decimalDigits=2)
VISIT = component("radio", "visit", **YES_NO)
AT = component("datetime", "at", subtype="datetime", custom={"counts_as_done": "true"})
DAY = component("datetime", "day", subtype="date")
CLOCK = component("datetime", "clock", subtype="time")
SIGN = component("checkbox", "sign", validate=REQUIRED)
DEPARTMENTS = component("checklist", "departments", custom={"register": "department"})
PERCENT = component("number", "percent", validate={"min": 0, "max": 100, "required": True})
WHO = component("textfield", "who")
SHARES = component("dynamiclist", "shares", components=[PERCENT, WHO])
FILES = component("filepicker", "files", accept="image/*,.pdf", multiple=True)


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        (NAME, "  林婉清 ", "林婉清"),
        (STORY, "一行\r\n二行", "一行\n二行"),
        (PHONE, "+86 138-0013-8000", "+86 138-0013-8000"),
        (COUNT, 3, 3),
        (MONEY, "6000", "6000.00"),
        (MONEY, 500, "500.00"),
        (MONEY, "0012.5", "12.50"),
        (MONEY, "7.", "7.00"),
        (VISIT, "yes", "yes"),
        (DAY, "2025-09-26", "2025-09-26"),
        (CLOCK, "16:05:00", "16:05"),
        (AT, "2025-09-26 16:30", "2025-09-26T16:30:00+08:00"),
        (AT, "2025-09-26T16:30", "2025-09-26T16:30:00+08:00"),
        (AT, "2025-09-26T08:30:00Z", "2025-09-26T16:30:00+08:00"),
        (SIGN, True, True),
        (DEPARTMENTS, ["engineering_dept"], ["engineering_dept"]),
        (DEPARTMENTS, None, []),
        (SHARES, [{"percent": 40, "who": ""}, {"percent": "", "who": ""}], [{"percent": 40}]),
    ],
)
def test_a_value_gets_its_canonical_form(field: dict[str, Any], typed: Any, kept: Any) -> None:
    checked = check({field["key"]: typed}, field)

    assert checked.everything == {field["key"]: kept}
    canonical(checked.everything)
    again = check(checked.everything, field)
    assert again.everything == checked.everything


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        (NAME, None, "form.required"),
        (NAME, "  ", "form.required"),
        (NAME, 5, "form.type"),
        (NAME, "x" * 201, "form.too_long"),
        (STORY, "x" * 2001, "form.too_long"),
        (NAME, ["a", "b"], "form.duplicate"),
        (NAME, "a\x00b", "form.unreadable"),
        (NAME, "a\ud800b", "form.unreadable"),
        (PHONE, "1234", "form.phone"),
        (PHONE, "1380013800a", "form.phone"),
        (COUNT, 0, "form.range"),
        (COUNT, 10, "form.range"),
        (COUNT, "4", "form.whole"),
        (COUNT, "many", "form.number"),
        (COUNT, 4.0, "form.type"),
        (COUNT, True, "form.type"),
        (MONEY, "1.005", "form.decimals"),
        (MONEY, "-1", "form.range"),
        (MONEY, "1e3", "form.number"),
        (MONEY, "NaN", "form.number"),
        (MONEY, 2.5, "form.type"),
        (VISIT, "maybe", "form.option"),
        (VISIT, {"a": 1}, "form.option"),
        (SIGN, False, "form.must_tick"),
        (SIGN, "on", "form.type"),
        (DAY, "2025-02-29", "form.not_a_date"),
        (DAY, "20250926", "form.not_a_date"),
        (DAY, "0026-11-19", "form.not_a_date"),
        (CLOCK, "25:00", "form.not_a_time"),
        (AT, "2025-09-26", "form.not_a_datetime"),
        (AT, "2025-09-27 10:01", "form.in_future"),
        (AT, "2025-09-26 15:59", "form.too_early"),
        (DEPARTMENTS, ["sales"], "form.reference"),
        (DEPARTMENTS, ["design_dept", "design_dept"], "form.repeated"),
        (DEPARTMENTS, "design_dept", "form.type"),
        (SHARES, "40", "form.type"),
        (SHARES, [{"percent": 1}] * 201, "form.too_many"),
        (FILES, [{"digest": "no"}], "form.type"),
    ],
)
def test_a_wrong_value_is_refused(field: dict[str, Any], typed: Any, code: str) -> None:
    assert refused({field["key"]: typed}, field) == {field["key"]: code}


def test_all_errors_come_at_once_by_field() -> None:
    posted = {"count": 12, "visit": "maybe", "extra": "x", "shares": [{"percent": 5}, {"percent": 101, "other": 1}]}

    errors = refused(posted, NAME, COUNT, VISIT, SHARES)

    assert errors == {
        "name": "form.required",
        "count": "form.range",
        "visit": "form.option",
        "shares.1.percent": "form.range",
        "shares.1.other": "form.unknown",
        "extra": "form.unknown",
    }


def test_text_phones_and_files_never_route() -> None:
    photo = {"digest": "0" * 64, "name": "北墙.JPG", "size": 7, "type": "image/jpeg"}
    posted = {"name": "林婉清", "phone": "13800138000", "story": "…", "visit": "yes", "count": 2, "files": [photo]}
    posted["shares"] = [{"percent": 40, "who": "吕强"}]

    checked = check(posted, NAME, PHONE, STORY, VISIT, COUNT, FILES, SHARES)

    assert checked.routing == {"visit": "yes", "count": 2, "shares": [{"percent": 40}]}
    assert checked.everything == posted


def test_a_file_of_another_kind_is_refused() -> None:
    program = {"digest": "0" * 64, "name": "setup.exe", "size": 7, "type": "application/octet-stream"}
    paper = {"digest": "1" * 64, "name": "意见.PDF", "size": 7, "type": "application/pdf"}

    assert refused({"files": [program]}, FILES) == {"files": "form.file_kind"}
    assert check({"files": [paper]}, FILES).everything == {"files": [paper]}


def test_the_typed_instant_lies_between_start_and_now() -> None:
    now = check({"at": "2025-09-27 10:00"}, AT)
    minute_of_start = check({"at": "2025-09-26 16:00"}, AT)

    assert now.typed_instant == NOW
    assert minute_of_start.typed_instant == STARTED
    assert minute_of_start.everything["at"] == "2025-09-26T16:00:00+08:00"
    assert check({}, AT).typed_instant is None


WHEN = component("datetime", "day", subtype="date", validate=REQUIRED, custom={"show_if": 'visit == "yes"'})


def test_a_field_is_asked_only_on_its_condition() -> None:
    assert check({"visit": "no"}, VISIT, WHEN).everything == {"visit": "no"}
    assert refused({"visit": "yes"}, VISIT, WHEN) == {"day": "form.required"}
    assert refused({"visit": "no", "day": "2025-09-26"}, VISIT, WHEN) == {"day": "form.not_asked"}
    assert refused({"visit": "perhaps", "day": "2025-09-26"}, VISIT, WHEN) == {"visit": "form.option"}


def test_a_condition_may_read_the_data_of_the_case() -> None:
    later = component("textarea", "later", validate=REQUIRED, custom={"show_if": "input.round > 1"})

    assert check({}, later, data={"input": {"round": 1}}).everything == {}
    assert check({"later": "B 案"}, later, data={"input": {"round": 2}}).everything == {"later": "B 案"}


SUM = {"check": 'sum_of(shares, "percent") <= 100', "field": "shares", "message": "太多。", "message_en": "Too much."}


def test_a_rule_between_fields_stands_at_its_field() -> None:
    too_much = {"shares": [{"percent": 70}, {"percent": 40}]}

    assert refused(too_much, SHARES, rules=[SUM]) == {"shares": "form.rule"}
    assert say("form.rule", "zh", **SUM) == "太多。"
    assert say("form.rule", "en", **SUM) == "Too much."


def test_a_rule_is_silent_where_a_field_it_reads_is_wrong_already() -> None:
    assert refused({"shares": [{"percent": 170}]}, SHARES, rules=[SUM]) == {"shares.0.percent": "form.range"}


def test_a_rule_of_a_row_stands_at_the_field_of_its_row() -> None:
    even = {"check": "percent != 50", "field": "shares.percent", "message": "不均分。", "message_en": "No halves."}

    assert refused({"shares": [{"percent": 70}, {"percent": 50}]}, SHARES, rules=[even]) == {
        "shares.1.percent": "form.rule"
    }
    assert check({"shares": [{"percent": 70}]}, SHARES, rules=[even]).routing == {"shares": [{"percent": 70}]}
    assert refused({"shares": [{"percent": 170}]}, SHARES, rules=[even]) == {"shares.0.percent": "form.range"}


def test_the_json_schema_is_valid_and_says_the_same() -> None:
    form = Form.read(schema_of(NAME, COUNT, MONEY, VISIT, SHARES, FILES))

    jsonschema.Draft202012Validator.check_schema(form.json_schema)
    validator = jsonschema.Draft202012Validator(form.json_schema)
    assert validator.is_valid({"name": "a", "amount": "6000.00", "shares": [{"percent": 3}]})
    assert not validator.is_valid({"amount": "6000"})


def test_a_prefill_that_can_not_be_evaluated_leaves_the_field_empty() -> None:
    first = component("number", "first", custom={"prefill": "review_cost.amount"})
    second = component("number", "second", custom={"prefill": "number(input.nothing) + 1"}, defaultValue=2)
    data = {"review_cost": {"amount": 7}, "input": {"nothing": "x"}}

    values = Form.read(schema_of(first, second)).prefilled(lambda text: context(data).evaluate(text, {}))

    assert values == {"first": 7, "second": 2}


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
ALL = (NAME, PHONE, COUNT, MONEY, VISIT, AT, DAY, SIGN, DEPARTMENTS, SHARES, FILES)
KEYS = st.sampled_from([field["key"] for field in ALL])
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # other tests share the machine


@UNHURRIED
@given(st.dictionaries(KEYS, JSON_VALUES, max_size=6))
def test_whatever_is_sent_is_refused_or_has_a_canonical_form(posted: dict[str, Any]) -> None:
    form = Form.read(schema_of(*ALL))

    try:
        checked = form.check(posted, context())
    except FormRejected as rejected:
        assert rejected.errors
    else:
        canonical(checked.everything)
        assert form.check(checked.everything, context()) == checked


PRIVATE = {"check": 'name == "x"', "field": "name", "message": "甲", "message_en": "a"}
BELOW = component("textfield", "early", custom={"show_if": "count > 1"})


@pytest.mark.parametrize(
    ("schema", "code"),
    [
        ([], "not_a_form"),
        ({**schema_of(NAME), "schemaVersion": 15}, "version"),
        ({**schema_of(NAME), "title_en": ""}, "title_missing"),
        (schema_of(component("spacer", "gap")), "unknown_type"),
        (schema_of(NAME, NAME), "duplicate_key"),
        (schema_of(component("textfield", "item")), "reserved_key"),
        (schema_of(component("textfield", "Name")), "key_form"),
        (schema_of(component("textfield", "")), "key_missing"),
        (schema_of({**NAME, "label": ""}), "label_missing"),
        (schema_of(component("textfield", "a", custom={"label_en": ""})), "label_en_missing"),
        (schema_of(component("textfield", "a", custom={"help": "写"})), "help_in_one_language"),
        (schema_of(component("textfield", "a", custom={"showif": "b"})), "unsupported"),
        (schema_of(component("textfield", "a", validate={"pattern": "a+"})), "unsupported"),
        (schema_of(component("textfield", "a", conditional={"hide": "=b"})), "unsupported"),
        (schema_of(component("number", "a", validate={"min": 5, "max": 1})), "limits"),
        (schema_of(component("number", "a", validate={"min": "few"})), "limits"),
        (schema_of(component("select", "a", custom={"register": "planets"})), "unknown_register"),
        (schema_of(component("number", "a", custom={"register": "site"})), "register_type"),
        (schema_of(component("radio", "a")), "options_missing"),
        (schema_of(component("radio", "a", values=[{"label": "一", "label_en": "one"}])), "option_values"),
        (schema_of(component("radio", "a", values=[{"label": "一", "value": "1"}])), "option_labels"),
        (schema_of(component("datetime", "a")), "subtype"),
        (schema_of(component("number", "a", custom={"counts_as_done": "true"})), "instant_expected"),
        (schema_of(AT, {**AT, "key": "other"}), "two_instants"),
        (schema_of(component("dynamiclist", "a")), "columns_missing"),
        (schema_of(component("dynamiclist", "a", components=[SHARES])), "nested"),
        (schema_of(component("textfield", "a", custom={"prefill": "1 +"})), "expression"),
        (schema_of(NAME, rules=[PRIVATE]), "private_field"),
        (schema_of(NAME, rules=[{**PRIVATE, "check": "ghost == 1"}]), "unknown_field"),
        (schema_of(NAME, rules=[{**PRIVATE, "field": "name.first", "check": "True"}]), "unknown_field"),
        (schema_of(BELOW, COUNT), "order"),
        (schema_of(NAME, rules=[{"check": "True"}]), "rule_incomplete"),
        (schema_of(NAME, rules=[{**PRIVATE, "check": "True", "message": "长" * 130}]), "rule_too_long"),
    ],
)
def test_a_faulty_form_is_refused_with_what_to_do(schema: Any, code: str) -> None:
    found = problems(schema)

    assert f"form_schema.{code}" in {problem.code for problem in found}
    assert all(problem.message_zh != problem.message_en != problem.code for problem in found)
    with pytest.raises(InvalidFormSchema):
        Form.read(schema)


@UNHURRIED
@given(JSON_VALUES)
def test_any_json_gets_an_answer(rubbish: Any) -> None:
    number = {"type": "number", "validate": rubbish, "properties": rubbish, "values": rubbish}
    anything = {"type": rubbish, "key": rubbish, "components": rubbish}
    for schema in (rubbish, {"components": [number]}, {"components": [anything], "rules": rubbish}):
        found = problems(schema)
        assert found and all(problem.message_zh and problem.message_en for problem in found)


@pytest.mark.parametrize("path", sorted(FORMS.glob("*/*.json")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_form_of_the_company_can_be_used(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))

    assert problems(schema) == ()
    form = Form.read(schema)
    assert form.id == path.stem
    jsonschema.Draft202012Validator.check_schema(form.json_schema)
    fields = [part for field in form.fields for part in (field, *field.fields)]
    texts = [text for field in fields for text in (field.show_if, field.prefill) if text]
    for text in [*texts, *(rule.check for rule in form.rules)]:
        expressions.compile(text)


PENALTY = Form.read(json.loads((FORMS / "penalty-slip" / "propose_penalty.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize(("fine", "taken"), [(499, False), (500, True), (2000, True), (2001, False)])
def test_the_fine_under_p25_lies_between_500_and_2000(fine: int, taken: bool) -> None:
    posted = {"person": "zhao_min", "rule": "P-25", "fine": fine, "facts": "与客户发生冲突"}

    try:
        PENALTY.check(posted, context())
        assert taken
    except FormRejected as rejected:
        assert not taken
        assert rejected.errors.keys() == {"fine"}


def test_shares_over_a_hundred_percent_are_refused() -> None:
    form = Form.read(json.loads((FORMS / "major-solution" / "review_cost.json").read_text(encoding="utf-8")))
    share = {"bearer": "employee", "person": "zhao_min"}
    posted = {"decision": "approved", "amount": "6000", "shares": [{**share, "percent": 70}, {**share, "percent": 40}]}

    with pytest.raises(FormRejected) as caught:
        form.check(posted, context())

    assert caught.value.errors.keys() == {"shares"}
