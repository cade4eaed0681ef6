"""`procedure.toml` as far as the lint has to know it: titles, owner, lanes, parameters.

title      = "客户投诉处理"
owner      = "group:service_manager"
starters   = ["group:service_specialist"]     who may start it by hand
[lanes]                                       lane name → principal key, group's key, or "dynamic"
"客服专员" = "group:service_specialist"
[parameters]                                  name → default, or a table with `value`
receipt_hours = 3
[english]                                     name of a step or event → what English pages call it
"登记投诉" = "Register complaint"
"""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.workflow.lint.problem import Problem, problem

FILE = "procedure.toml"
DYNAMIC = {"dynamic"}
LARGEST_BYTES = 100_000
MOST_DOTS = 100  # reading a dotted key takes time by the square of its parts


@dataclass(slots=True)
class Settings:
    """What a procedure says of itself; `lanes`: lane name → principal key, None for a dynamic lane."""

    present: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)
    lanes: dict[str, str | None] = field(default_factory=dict)
    parameters: dict[str, object] = field(default_factory=dict)


def read_settings(content: bytes | None, file: str) -> tuple[Settings, list[Problem]]:
    """Read the file; what is wrong with it is a problem and the rest is kept."""
    if content is None:
        return Settings(), [problem("names.no_settings", file)]
    if len(content) > LARGEST_BYTES:
        return Settings(), [problem("documents.too_large", file, bytes=len(content), most=LARGEST_BYTES)]
    try:
        text = content.decode("utf-8")
        if any(line.partition("=")[0].count(".") > MOST_DOTS for line in text.splitlines()):
            raise ValueError("a key of many parts")
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return Settings(), [problem("documents.not_toml", file, reason=error)]
    found = Settings(True, values)
    problems = []
    for name, principal in _table(values, "lanes").items():
        if not isinstance(principal, str):
            problems.append(problem("names.lane_principal", file, name, principal=principal))
            continue
        found.lanes[name] = None if principal in DYNAMIC else principal if ":" in principal else f"group:{principal}"
    for name, value in _table(values, "parameters").items():
        default = value.get("value") if isinstance(value, Mapping) else value
        found.parameters[name] = default
    return found, problems


def check_settings(settings: Settings, file: str, groups: Collection[str] | None) -> Iterator[Problem]:
    """Titles and owner are there, lanes name principals that exist, parameters are plain values without floats."""
    if not settings.present:
        return
    for key in ("title", "owner"):
        if not isinstance(settings.values.get(key), str) or not settings.values[key]:
            yield problem("names.setting_missing", file, key, key=key)
    starters = settings.values.get("starters", [])
    for principal in starters if isinstance(starters, list) else [starters]:
        if not isinstance(principal, str) or ":" not in principal:
            yield problem("names.starter", file, "starters", principal=principal)
        elif not is_principal(principal, groups):
            yield problem("tasks.unknown_group", file, "starters", group=principal)
    english = settings.values.get("english", {})
    if not isinstance(english, Mapping) or not all(isinstance(text, str) and text for text in english.values()):
        yield problem("names.english", file, "english")
    for name, principal in settings.lanes.items():
        if principal is not None and not is_principal(principal, groups):
            yield problem("tasks.unknown_group", file, name, group=principal)
    for name, value in settings.parameters.items():
        values = value if isinstance(value, list) else [value]
        if any(isinstance(one, float) for one in values):
            yield problem("names.parameter_float", file, name, value=value)
        elif not all(isinstance(one, str | int) for one in values):
            yield problem("names.parameter_kind", file, name)


def is_principal(key: str, groups: Collection[str] | None) -> bool:
    """Whether `group:x` or `head:x` names a known group, or `person:x` a person (people are not checked)."""
    kind, _, name = key.partition(":")
    return (kind in ("group", "head") and (groups is None or name in groups)) or (kind == "person" and bool(name))


def _table(values: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = values.get(key)
    return found if isinstance(found, Mapping) else {}
