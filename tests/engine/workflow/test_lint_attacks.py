"""Files and expressions of people who mean harm: each is refused at once, in little memory, without an exception."""

import time
import tracemalloc
from xml.sax.saxutils import escape, quoteattr

import pytest

from engine.workflow.lint import Problem, check
from tests.engine.workflow.lint.files import SETTINGS, good, surroundings, with_decision

MOST_SECONDS = 0.1
MOST_BYTES = 50 * 1024 * 1024
XML = '<?xml version="1.0" encoding="UTF-8"?>'
DEFINITIONS = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
LAUGHS = "".join(f"<!ENTITY l{n} '" + f"&l{n - 1};" * 10 + "'>" for n in range(1, 10))
ONE_ENTITY = "<!DOCTYPE d [<!ENTITY a 'x'>]>"
ATTRIBUTES = " ".join(f"b{n}=''" for n in range(160_000))

FILES = {
    "entity bomb": f'{XML}<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]>{DEFINITIONS}&l9;</definitions>'.encode(),
    "quadratic entities": (
        f'{XML}<!DOCTYPE d [<!ENTITY a "{"a" * 50_000}">]>{DEFINITIONS}{"&a;" * 10_000}</definitions>'.encode()
    ),
    "entity in an attribute": f"{XML}{ONE_ENTITY}{DEFINITIONS}<process id='&a;'/></definitions>".encode(),
    "a file of this machine": (
        f'{XML}<!DOCTYPE d [<!ENTITY a SYSTEM "file:{"/" * 3}etc/passwd">]>{DEFINITIONS}&a;</definitions>'.encode()
    ),
    "a file of another machine": f'{XML}<!DOCTYPE d SYSTEM "http://192.0.2.1/d.dtd">{DEFINITIONS}</definitions>'.encode(),
    "parameter entities": f'{XML}<!DOCTYPE d [<!ENTITY % a SYSTEM "http://192.0.2.1/a">%a;]><d/>'.encode(),
    "xinclude": (
        f"{XML}{DEFINITIONS}<x:include xmlns:x='http://www.w3.org/2001/XInclude' href='x'/></definitions>".encode()
    ),
    "fifty megabytes": b"<definitions>" + b" " * 50 * 1024 * 1024,
    "half a million elements": f"{DEFINITIONS}{'<a/>' * 500_000}</definitions>".encode(),
    "many attributes": f"{DEFINITIONS}<a {ATTRIBUTES}/></definitions>".encode(),
    "nested without end": (f"{DEFINITIONS}{'<a>' * 14_000}{'</a>' * 14_000}</definitions>").encode(),
    "one long name": f"{DEFINITIONS}<{'a' * 1_900_000}/></definitions>".encode(),
    "utf-16 with a bomb": f"<?xml version='1.0' encoding='UTF-16'?>{ONE_ENTITY}<d>&a;</d>".encode("utf-16"),
    "utf-7": b'<?xml version="1.0" encoding="UTF-7"?>+ADw-d/+AD4-',
    "cut off": f"{XML}{DEFINITIONS}<process id='x'>".encode(),
    "garbage": bytes(range(256)) * 4_000,
    "nothing": b"",
    "zero bytes": b"\0" * 100_000,
    "html": b"<!doctype html><script>alert(1)</script>",
    "a zip": b"PK\x03\x04" + bytes(1_000),
    "another root": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
}  # fmt: skip

CODE = {
    "import": '__import__("os").system("id") == 0',
    "classes": "().__class__.__bases__[0].__subclasses__()",
    "a field's class": "ask.__class__.__init__.__globals__",
    "open": 'open("/etc/passwd").read()',
    "power": "9**9**9**9",
    "long text": '"a" * 10000000000',
    "formatting": '"%1000000000d" % 1',
    "f-string": 'f"{ask.amount:>1000000000}"',
    "comprehension": "[x for x in [1] for y in [2]]",
    "lambda": "(lambda: 1)()",
    "deep": "abs(" * 100 + "1" + ")" * 100,
    "long": "1 + " * 5_000 + "1",
    "many nots": "not " * 400 + "True",
    "walrus": "(x := 1)",
    "template": "{{ config }} ${7*7}",
    "a null byte": "1 &#0;",
}


def diagram_with(place: str, code: str) -> dict[str, bytes]:
    """The files of a good procedure whose expression at one place is replaced."""
    changes = {
        "condition": ("exclusive-choice", "ask.amount > 100 and ask.answer == &quot;no&quot;", escape(code)),
        "timer": ("interrupting-timer", "working_days(2, after=started_at())", escape(code)),
        "start timer": ("timer-start", 'weekly("wed", "10:30")', escape(code)),
        "assignment": ("dynamic-lane", '"head_of(&quot;engineering_dept&quot;)"', quoteattr(code)),
        "exclusion": ("dynamic-lane", '"initiator()"', quoteattr(code)),
        "list": ("multi-instance-task", '"ask.departments"', quoteattr(code)),
        "payload": ("message-to-another-case", '"ask.amount"', quoteattr(code)),
        "correlation": ("event-gateway", '"ask.customer"', quoteattr(code)),
        "service parameter": ("service-task", '"ask.amount > 500"', quoteattr(code)),
        "input": ("call-activity", '"ask.amount"', quoteattr(code)),
        "output": ("call-activity", '"pay.total"', quoteattr(code)),
        "responsible": ("deadline-on-task", '"head_of(&quot;engineering_dept&quot;)"', quoteattr(code)),
        "met_when": ("deadline-on-task", '"ask.answer == &quot;yes&quot;"', quoteattr(code)),
        "boundary condition": ("conditional-boundary", "breaches() > 1", escape(code)),
    }
    name, old, new = changes[place]
    text = good(name)
    assert old in text
    return {f"{name}.bpmn": text.replace(old, new).encode("utf-8", "surrogatepass"), "procedure.toml": SETTINGS}


PLACES = [
    "condition", "timer", "start timer", "assignment", "exclusion", "list", "payload", "correlation",
    "service parameter", "input", "output", "responsible", "met_when", "boundary condition",
]  # fmt: skip


def measured(files: dict[str, bytes]) -> tuple[tuple[Problem, ...], float, int]:
    """Lint and measure: problems, seconds of this process, bytes of Python objects at the peak."""
    name = next(iter(files)).removesuffix(".bpmn")
    around = surroundings(name, files[f"{name}.bpmn"].decode("utf-8", "ignore"))
    started = time.process_time()
    found = check(files, around)
    spent = time.process_time() - started
    tracemalloc.start()
    check(files, around)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found, spent, peak


def refused_cheaply(files: dict[str, bytes]) -> bool:
    found, spent, peak = measured(files)
    assert spent < MOST_SECONDS
    assert peak < MOST_BYTES
    assert all(len(problem.message_zh) < 500 and len(problem.message_en) < 500 for problem in found)
    return any(problem.severity == "error" for problem in found)


@pytest.mark.parametrize("attack", FILES)
def test_a_hostile_diagram_is_refused_at_once(attack):
    assert refused_cheaply({"one-task.bpmn": FILES[attack], "procedure.toml": SETTINGS})


@pytest.mark.parametrize("attack", FILES)
def test_a_hostile_decision_is_refused_at_once(attack):
    files = {"one-task.bpmn": good("one-task").encode(), "procedure.toml": SETTINGS, "grade.dmn": FILES[attack]}

    assert refused_cheaply(files)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("attack", CODE)
def test_code_is_refused_in_every_place_that_takes_an_expression(place, attack):
    assert refused_cheaply(diagram_with(place, CODE[attack]))


@pytest.mark.parametrize("attack", sorted(set(CODE) - {"a null byte"}))
def test_code_is_refused_in_the_cells_of_a_decision(attack):
    diagram = good("one-task").replace(
        "<bpmn:userTask", '<bpmn:businessRuleTask id="classify" name="判定等级"/><bpmn:userTask'
    )
    rule = "<spiffworkflow:calledDecisionId>grade</spiffworkflow:calledDecisionId>"
    rule = f"<bpmn:extensionElements>{rule}</bpmn:extensionElements>"
    diagram = diagram.replace('name="判定等级"/>', f'name="判定等级">{rule}</bpmn:businessRuleTask>')
    for row in (f"{CODE[attack]} | - | 1", f"- | - | {CODE[attack]}"):
        files = {
            "one-task.bpmn": diagram.encode(),
            "procedure.toml": SETTINGS,
            "grade.dmn": with_decision(row).encode(),
        }

        found, spent, _ = measured(files)

        assert spent < MOST_SECONDS
        assert any(problem.file == "grade.dmn" and problem.code.startswith("expressions.") for problem in found)


@pytest.mark.parametrize(
    "content", [b"", b"[", b"[lanes", b"\xff\xfe", b"a = 1\n" * 50_000, b"[" * 5_000, b"a" + b".a" * 5_000 + b"=1"]
)
def test_a_hostile_settings_file_is_refused_at_once(content):
    assert refused_cheaply({"one-task.bpmn": good("one-task").encode(), "procedure.toml": content})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b"[" * 100_000,
        b"\xff",
        b'{"components": 1}',
        b'{"components": [{"key": []}]}',
        b'"' + b"a" * 300_000,
    ],
)
def test_a_hostile_form_is_refused_at_once(content):
    files = {"one-task.bpmn": good("one-task").encode(), "procedure.toml": SETTINGS, "forms/ask.json": content}

    assert refused_cheaply(files)


@pytest.mark.parametrize(
    "name",
    ["../evil.bpmn", "/etc/passwd", "a\\b.dmn", "forms/../../x.json", "x.exe", "流程.bpmn", "a b.dmn", "-rf.bpmn", ""],
)
def test_a_file_name_that_leads_elsewhere_is_refused(name):
    files = {"one-task.bpmn": good("one-task").encode(), "procedure.toml": SETTINGS, name: b"x"}

    assert refused_cheaply(files)


def test_too_many_files_are_refused():
    files = {"one-task.bpmn": good("one-task").encode()} | {f"d{n}.dmn": b"<d/>" for n in range(400)}

    assert refused_cheaply(files)


def test_a_tangle_of_gateways_is_given_up_in_time():
    branches = range(14)
    nodes = "".join(f'<bpmn:userTask id="t{n}a" name="询问客户"/><bpmn:exclusiveGateway id="g{n}"/>' for n in branches)
    flows = [("start", "split"), ("join", "end")]
    for n in branches:
        flows += [("split", f"t{n}a"), (f"t{n}a", f"g{n}"), (f"g{n}", "join"), (f"g{n}", f"g{(n + 1) % 14}")]
    drawn = "".join(f'<bpmn:sequenceFlow id="{a}_to_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in flows)
    drawn += '<bpmn:parallelGateway id="split"/><bpmn:parallelGateway id="join"/>'
    text = good("one-task").replace("</bpmn:process>", f"{nodes}{drawn}</bpmn:process>")
    files = {"one-task.bpmn": text.encode(), "procedure.toml": SETTINGS}

    found, spent, _ = measured(files)

    assert spent < 1
    assert any(problem.code.startswith("gateways.") for problem in found)
