"""Nothing grows out of sight: a file has under 400 lines, a function under 60."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import ROOT, own_files

LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 60


def test_every_file_has_under_400_lines():
    sizes = {path: len(path.read_text().splitlines()) for path in own_files(".py", ".js", ".mjs", ".css", ".html")}

    long = [f"{path.relative_to(ROOT)}: {size}" for path, size in sizes.items() if size >= LINES_OF_A_FILE]

    assert not long


def test_every_function_has_under_60_lines():
    found = [one for path in own_files(".py") for one in python_functions(path)]
    found += [one for path in own_files(".js", ".mjs") for one in javascript_functions(path)]

    long = [f"{name}: {size}" for name, size in found if size >= LINES_OF_A_FUNCTION]

    assert not long


def python_functions(path: Path) -> Iterator[tuple[str, int]]:
    if "versions" in path.parts:
        return  # a migration lists tables, frozen as they were; cutting it up would hide nothing
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            yield f"{path.relative_to(ROOT)}:{node.name}", node.end_lineno - node.lineno + 1


def javascript_functions(path: Path) -> Iterator[tuple[str, int]]:
    """Named functions, by their closing brace at the same indentation."""
    text = path.read_text()
    for match in re.finditer(r"^( *)(?:export )?(?:default )?(?:async )?function\*? (\w+).*?^\1\}", text, re.M | re.S):
        yield f"{path.relative_to(ROOT)}:{match[2]}", match[0].count("\n") + 1
