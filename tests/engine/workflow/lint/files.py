"""Small procedures for the tests of the lint: diagrams beside this file, and what surrounds them."""

import re
from pathlib import Path

from engine.workflow.lint import Called, Operation, Problem, Surroundings, check

HERE = Path(__file__).parent
FIELDS = {"amount": True, "answer": True, "departments": True, "customer": True, "note": False}
GROUPS = {"service_specialist", "service_manager", "engineering_dept"}
FORM = """{"schemaVersion": 18, "type": "default", "title": "表单", "title_en": "form", "components": [
    {"type": "number", "key": "amount", "label": "金额", "properties": {"label_en": "amount"}},
    {"type": "textfield", "key": "note", "label": "说明", "properties": {"label_en": "note"}}]}"""
NAMES = {"付清款项", "问"}.union(
    *(re.findall(r' name="([^"]+)"', path.read_text("utf-8")) for path in HERE.rglob("*.bpmn"))
)
SETTINGS = f"""
title = "测试流程"
owner = "group:service_manager"
[lanes]
"客服专员" = "group:service_specialist"
"责任部门" = "dynamic"
[parameters]
receipt_hours = 3
[english]
{"".join(f'"{name}" = "English"' + chr(10) for name in sorted(NAMES))}
""".encode()


def surroundings(name: str, diagram: str) -> Surroundings:
    """Every user task has a form with FIELDS; one operation, one called process, three groups."""
    tasks = re.findall(r'userTask id="(\w+)"', diagram)
    return Surroundings(
        operations={"notify": Operation({"to": True, "urgent": False})},
        groups=GROUPS,
        forms={f"{name}/{task}": FIELDS for task in tasks},
        procedures={"settlement": Called(frozenset({"amount"}), frozenset({"pay"}))},
    )


def check_text(diagram: str, name: str = "one-task", **more: str) -> tuple[Problem, ...]:
    """Lint one diagram given as text; `more`: further files, `__` for the dot in their names."""
    others = {key.replace("__", "."): text.encode() for key, text in more.items()}
    files = {f"{name}.bpmn": diagram.encode(), "procedure.toml": SETTINGS} | others
    return check(files, surroundings(name, diagram))


def good(name: str) -> str:
    return (HERE / "good" / f"{name}.bpmn").read_text("utf-8")


def errors(problems: tuple[Problem, ...]) -> set[tuple[str, str | None]]:
    return {(problem.code, problem.element) for problem in problems if problem.severity == "error"}


def write_company(folder: Path) -> Path:
    """Write processes/ and forms/ with one procedure that calls another, which reads `input.amount`."""
    wait = '<spiffworkflow:property name="too_early_until" value="hours(input.amount)"/>'
    called = good("one-task").replace("one_task", "settlement").replace('"ask"', '"pay"').replace(">ask<", ">pay<")
    called = called.replace(
        'id="pay" name="询问客户"/>',
        'id="pay" name="付清款项"><bpmn:extensionElements><spiffworkflow:properties>'
        f"{wait}</spiffworkflow:properties></bpmn:extensionElements></bpmn:userTask>",
    )
    caller = good("call-activity").replace('"pay.total"', '"pay.amount"')
    for name, diagram, tasks in (("settlement", called, ["pay"]), ("call-activity", caller, ["ask", "fix"])):
        (folder / "processes" / name).mkdir(parents=True)
        (folder / "processes" / name / f"{name}.bpmn").write_text(diagram, "utf-8")
        (folder / "processes" / name / "procedure.toml").write_bytes(SETTINGS)
        (folder / "forms" / name).mkdir(parents=True)
        for task in tasks:
            (folder / "forms" / name / f"{task}.json").write_text(FORM, "utf-8")
    groups = "".join(f'[groups.{key}]\nname = "{key}"\n' for key in sorted(GROUPS))
    (folder / "processes" / "company.toml").write_text(groups, "utf-8")
    return folder


def with_decision(cells: str, policy: str = "UNIQUE") -> str:
    """A decision table `grade` over `ask.amount` and `ask.answer`: a line a row, "amount | answer | result"."""
    rows = []
    for number, line in enumerate(filter(str.strip, cells.splitlines()), 1):
        texts = [f"<text>{cell.strip().replace('&', '&amp;').replace('<', '&lt;')}</text>" for cell in line.split("|")]
        entries = f"<inputEntry>{texts[0]}</inputEntry><inputEntry>{texts[1]}</inputEntry>"
        rows.append(f'<rule id="row_{number}">{entries}<outputEntry>{texts[2]}</outputEntry></rule>')
    return f"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="file" name="file" namespace="x">
    <decision id="grade" name="等级"><decisionTable id="table" hitPolicy="{policy}">
    <input id="in_amount" label="金额"><inputExpression><text>ask.amount</text></inputExpression></input>
    <input id="in_answer" label="答复"><inputExpression><text>ask.answer</text></inputExpression></input>
    <output id="out_grade" name="grade"/>{"".join(rows)}</decisionTable></decision></definitions>"""
