"""Small procedures for the tests of the lint: diagrams beside this file, and what surrounds them."""

import re
from pathlib import Path

from engine.workflow.lint import Called, Operation, Problem, Surroundings, check

HERE = Path(__file__).parent
FIELDS = {"amount": True, "answer": True, "departments": True, "customer": True, "note": False}
GROUPS = {"service_specialist", "service_manager", "engineering_dept"}
SETTINGS = """
title = "测试流程"
owner = "group:service_manager"
[lanes]
"客服专员" = "group:service_specialist"
"责任部门" = "dynamic"
[parameters]
receipt_hours = 3
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
