"""Changes of `procedure.toml`: titles, lanes, parameters, who may start it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.workflow.changes.change import Change, Sides, as_it_stands, spaced
from engine.workflow.wording import Pair, Writer

SETTINGS: dict[str, Pair] = {
    "title": ("流程名称", "title"),
    "title_en": ("英文名称", "English title"),
    "owner": ("流程负责人", "owner"),
    "starters": ("可以发起的人", "people who may start it"),
    "profile": ("适用范围", "profile"),
    "clauses": ("依据的条款", "clauses"),
    "key": ("案件编号的字头", "letters of the case numbers"),
    "english": ("英文用语", "English words"),
}
OPEN = ("english", "clauses")  # changed in many places at once: only that, not how


def settings(sides: Sides) -> Iterator[Change]:
    """All changes of the procedure's own settings."""
    old, new = sides.old.settings, sides.new.settings
    parameters = [_table(one.values.get("parameters")) for one in (old, new)]
    yield from _each(sides, "parameter", parameters[0], parameters[1], _parameter)
    yield from _each(sides, "lane", old.lanes, new.lanes, _lane)
    plain = [{k: v for k, v in one.values.items() if k not in ("lanes", "parameters")} for one in (old, new)]
    yield from _each(sides, "setting", plain[0], plain[1], _setting)


def _each(
    sides: Sides,
    kind: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    say: Callable[[Writer, Writer, str, str], str],
) -> Iterator[Change]:
    for name in dict.fromkeys([*after, *before]):
        how = "added" if name not in before else "removed" if name not in after else "changed"
        if how != "changed" or before[name] != after[name]:
            file = sides.new.settings_file
            yield sides.change(f"{kind}_{how}", file, name, lambda o, n, name=name, how=how: say(o, n, name, how))  # type: ignore[misc]


def _parameter(old: Writer, new: Writer, name: str, how: str) -> str:
    """“参数「回电时限」由 24 小时改为 8 小时”."""
    w = old if how == "removed" else new
    values = [_amount(one, name) for one in (old, new)]
    _value, title, _unit = w.names.parameter(name)
    parts = {"x": w.quoted(w.pick(title)), "a": values[0], "b": values[1]}
    if how == "added":
        return w.of("新增参数{x}：{b}", "the parameter {x} is added: {b}", **parts)
    if how == "removed":
        return w.of("删除参数{x}", "the parameter {x} is removed", **parts)
    if values[0] == values[1]:
        return w.of("参数{x}的说明有改动", "what is said about the parameter {x} changes", **parts)
    return w.of("参数{x}由{a}改为{b}", "the parameter {x} changes from {a} to {b}", **spaced(w, parts))


def _amount(w: Writer, name: str) -> str:
    value, _title, unit = w.names.parameter(name)
    if isinstance(value, bool):
        return w.of("是", "yes") if value else w.of("否", "no")
    if isinstance(value, list):
        return w.of("、", ", ").join(str(one) for one in value)
    return f"{value} {w.pick(unit)}".strip()


def _lane(old: Writer, new: Writer, name: str, how: str) -> str:
    w = old if how == "removed" else new
    owners = [_owner(one, one.names.material.settings.lanes.get(name)) for one in (old, new)]
    parts = {"x": w.quoted(w.pick(w.names.pair(name))), "a": owners[0], "b": owners[1]}
    if how == "added":
        return w.of("新增泳道{x}，由{b}办理", "the lane {x} of {b} is added", **parts)
    if how == "removed":
        return w.of("删除泳道{x}", "the lane {x} is removed", **parts)
    return w.of("泳道{x}的步骤由{a}改归{b}办理", "the steps of the lane {x} go from {a} to {b}", **parts)


def _owner(w: Writer, key: str | None) -> str:
    if key is None:
        return w.of("各步骤指定的人", "whom each step names")
    known = w.names.known.principals.get(key)  # the lane's own name would say nothing
    return w.pick(known) if known is not None else as_it_stands(w, key)


def _setting(old: Writer, new: Writer, name: str, how: str) -> str:
    w = old if how == "removed" else new
    known = SETTINGS.get(name)
    parts = {"x": w.pick(known) if known else as_it_stands(w, name)}
    values = [_plain(one, one.names.material.settings.values.get(name)) for one in (old, new)]
    if how == "removed":
        return w.of("删除{x}", "the {x} is removed", **parts)
    if name in OPEN:
        return w.of("{x}有改动", "the {x} change", **parts)
    if how == "added":
        return w.of("新增{x}：{b}", "the {x} is added: {b}", b=values[1], **parts)
    return w.of("{x}由{a}改为{b}", "the {x} changes from {a} to {b}", a=values[0], b=values[1], **parts)


def _plain(w: Writer, value: object) -> str:
    if isinstance(value, list):
        return w.of("、", ", ").join(_plain(w, one) for one in value)
    text = str(value)
    found = w.names.principal(text) if ":" in text else None
    return w.pick(found) if found is not None else as_it_stands(w, text)


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
