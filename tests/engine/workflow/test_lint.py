"""Each refusal has a diagram of its own that shows nothing else; what is drawn rightly passes."""

import tomllib

import pytest

from engine.workflow import parser
from engine.workflow.lint import Surroundings, check
from engine.workflow.lint.texts import TEXTS, WARNINGS
from tests.engine.workflow.lint.files import HERE, SETTINGS, check_text, errors, good

EXPECTED = tomllib.loads((HERE / "expected.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(path.stem for path in (HERE / "good").glob("*.bpmn")))
def test_a_diagram_that_is_drawn_rightly_passes(name):
    problems = check_text(good(name), name)

    assert not problems


@pytest.mark.parametrize("name", sorted(path.stem for path in (HERE / "bad").glob("*.bpmn")))
def test_each_refusal_is_found_at_its_element_and_nothing_else(name):
    expected = {(code, element or None) for code, _, element in (entry.partition(" ") for entry in EXPECTED[name])}

    problems = check_text((HERE / "bad" / f"{name}.bpmn").read_text("utf-8"), name)

    assert errors(problems) == expected


def test_every_text_says_in_both_languages_what_is_wrong_and_what_to_do():
    for code, (zh, en) in TEXTS.items():
        assert zh.rstrip().endswith(("。", "}", "）")), code
        assert en.rstrip().endswith((".", "}", ")")), code
        assert any("\u4e00" <= letter <= "\u9fff" for letter in zh), code
        assert set(_braces(zh)) - {"reason_zh"} == set(_braces(en)) - {"reason_en"}, code
    assert set(TEXTS) >= WARNINGS


def test_a_literal_duration_is_refused_with_the_expression_that_is_meant():
    diagram = good("interrupting-timer").replace("working_days(2, after=started_at())", "{}")

    meant = {text: _only(check_text(diagram.format(text), "interrupting-timer")) for text in ("PT3H", "P2D", "PT90M")}

    assert "hours(3)" in meant["PT3H"].message_zh and "hours(3)" in meant["PT3H"].message_en
    assert "days(2)" in meant["P2D"].message_en
    assert "minutes(90)" in meant["PT90M"].message_en


def test_a_private_field_is_refused_with_the_reason():
    diagram = good("exclusive-choice").replace("ask.amount", "ask.note")

    problem = _only(check_text(diagram, "exclusive-choice"))

    assert problem.code == "expressions.private_field"
    assert "personal values do not route" in problem.message_en


def test_a_step_without_an_english_name_is_a_warning():
    diagram = good("one-task").replace("询问客户", "走访客户")

    problem = _only(check_text(diagram))

    assert (problem.code, problem.severity) == ("names.no_english", "warning")
    assert "走访客户" in problem.message_zh


def test_english_names_are_texts():
    settings = SETTINGS.decode().partition("[english]")[0] + '[english]\n"询问客户" = 3\n'

    problems = check_text(good("one-task"), procedure__toml=settings)

    assert ("names.english", "english") in errors(problems)


def test_warnings_do_not_stand_before_errors():
    diagram = good("one-task").replace("询问客户", "问").replace('isExecutable="true"', "")

    problems = check_text(diagram)

    assert [problem.severity for problem in problems] == ["error", "warning"]


def test_missing_files_are_named():
    assert {problem.code for problem in check({}, Surroundings())} == {"documents.no_diagram", "names.no_settings"}


def test_settings_say_title_owner_lanes_and_plain_parameters():
    settings = """
        owner = "group:service_manager"
        starters = ["service_specialist", "group:service_specialist", "group:strangers"]
        [lanes]
        "客服专员" = "group:nobody"
        "别人" = 3
        [parameters]
        rate = 0.3
        when = 2025-09-26
    """
    problems = check_text(good("one-task"), procedure__toml=settings)

    assert errors(problems) == {
        ("names.setting_missing", "title"),
        ("names.starter", "starters"),
        ("tasks.unknown_group", "starters"),
        ("tasks.unknown_group", "客服专员"),
        ("names.lane_principal", "别人"),
        ("names.parameter_float", "rate"),
        ("names.parameter_kind", "when"),
    }


def test_the_deployed_files_of_a_called_process_are_checked_too():
    caller = (
        good("call-activity")
        .replace("settlement", "one_task")
        .replace('output.total" value="pay.', 'output.total" value="gone.')
    )
    called = good("one-task").replace('"ask" name="询问客户"', '"ask"')
    files = {
        "call-activity.bpmn": caller.encode(),
        "procedure.toml": SETTINGS,
        "calls/one-task/one-task.bpmn": called.encode(),
        "calls/one-task/procedure.toml": SETTINGS,
    }

    problems = check(
        files,
        Surroundings(
            groups=None, forms={"one-task/ask": {}, "call-activity/ask": {"amount": True}, "call-activity/fix": {}}
        ),
    )

    assert errors(problems) == {("expressions.unknown_element", "settle"), ("names.missing", "ask")}
    assert {problem.file for problem in problems if problem.code == "names.missing"} == {"calls/one-task/one-task.bpmn"}


def test_an_input_that_no_caller_gives_is_a_warning():
    diagram = good("exclusive-choice").replace("ask.amount", "input.amount")

    problem = _only(check_text(diagram, "exclusive-choice"))

    assert (problem.code, problem.severity) == ("expressions.unknown_input", "warning")


def _only(problems):
    (problem,) = problems
    return problem


def _braces(text):
    return [part.partition("}")[0] for part in text.split("{")[1:]]


@pytest.mark.parametrize("name", sorted(path.stem for path in (HERE / "good").glob("*.bpmn")))
def test_what_passes_is_read_by_the_engine(name):
    called = good("one-task").replace("one_task", "settlement").encode()
    others = {"calls/settlement/settlement.bpmn": called, "calls/settlement/procedure.toml": SETTINGS}

    definition = parser.parse({f"{name}.bpmn": good(name).encode(), "procedure.toml": SETTINGS, **others})

    assert definition.process.id == name.replace("-", "_")
