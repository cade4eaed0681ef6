"""Rules about the files as files: what may come along, how large, with no reference to the outside."""

import re
from collections.abc import Iterator, Mapping

from engine.form_schema import problems as form_problems
from engine.workflow.lint.material import Material
from engine.workflow.lint.problem import Problem, problem
from engine.workflow.lint.reading import LARGEST_BYTES, is_bpmn, local, namespace

MOST_FILES = 300
LARGEST_ALL_BYTES = 20 * 1024 * 1024
PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")
KINDS = (".bpmn", ".dmn", ".toml", ".json", ".typ", ".md")
XINCLUDE = "http://www.w3.org/2001/XInclude"


def refusals(files: Mapping[str, bytes]) -> list[Problem]:
    """What forbids to look any further: too much, or paths that lead elsewhere."""
    found = [problem("documents.path", name[:200]) for name in files if not PATH.fullmatch(name) or ".." in name]
    if len(files) > MOST_FILES:
        found.append(problem("documents.too_many_files", next(iter(files)), files=len(files), most=MOST_FILES))
    total = sum(len(content) for content in files.values())
    if total > LARGEST_ALL_BYTES:
        largest = max(files, key=lambda name: len(files[name]))
        found.append(problem("documents.too_large", largest, bytes=total, most=LARGEST_ALL_BYTES))
    return found


def check_kinds(files: Mapping[str, bytes]) -> Iterator[Problem]:
    for name, content in files.items():
        if not name.endswith(KINDS):
            yield problem("documents.kind", name, kinds=", ".join(KINDS))
        elif len(content) > LARGEST_BYTES and not name.endswith((".bpmn", ".dmn")):
            yield problem("documents.too_large", name, bytes=len(content), most=LARGEST_BYTES)


def check(material: Material) -> Iterator[Problem]:
    for file, root in material.roots.items():
        for element in root.iter():
            if is_bpmn(element, "import") or namespace(element) == XINCLUDE or local(element) == "import":
                yield problem("documents.external", file, None, tag=local(element))
            href = element.get("href")
            if href is not None and not href.startswith("#"):
                yield problem("documents.external", file, element.get("id"), tag=f"href={href}")
    for key, form in material.own_forms.items():
        file = material.form_files[key]
        for found in form_problems(form.json) if form.json is not None else ():
            place = found.field or None
            yield problem("documents.form", file, place, reason_zh=found.message_zh, reason_en=found.message_en)
