"""The files that a new procedure begins with: one lane, a start, a task with its form, an end, all drawn."""

import json
from pathlib import Path
from string import Template
from xml.sax.saxutils import escape

_SKELETON = Path(__file__).parent / "skeleton"


def files(procedure: str, title: str, group: str, lane: str) -> dict[str, bytes]:
    """Path → content of a procedure that can be published as it is.

    Args:
        group: Key of the group that does the work; `lane` is its name.
    """
    shown = {"process": procedure.replace("-", "_"), "title": _attribute(title), "lane": _attribute(lane)}
    settings = {
        "title": title,
        "title_en": procedure.replace("-", " ").capitalize(),
        "group": f"group:{group}",
        "key": "".join(part[0] for part in procedure.split("-")).upper(),
        "lane": lane,
    }
    quoted = {name: json.dumps(text, ensure_ascii=False) for name, text in settings.items()}  # as TOML quotes too
    return {
        f"{procedure}.bpmn": _filled("procedure.bpmn", shown),
        "procedure.toml": _filled("procedure.toml", quoted),
        **{f"forms/{procedure}/{form}.json": _filled(f"{form}.json", {}) for form in ("register", "handle")},
    }


def _filled(name: str, words: dict[str, str]) -> bytes:
    return Template((_SKELETON / name).read_text("utf-8")).substitute(words).encode()


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})
