"""Changes of forms, decision tables, papers and whole files."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.workflow.changes.change import Change, Sides, as_it_stands
from engine.workflow.lint.decision_table import DecisionTable, Row
from engine.workflow.wording import Pair, Unsayable, Writer
from engine.workflow.wording.cells import cell_words, output_words
from engine.workflow.wording.names import label_of
from engine.workflow.wording.papers import paper_title

PARTS: dict[str, Pair] = {
    "type": ("类型", "kind"),
    "subtype": ("类型", "kind"),
    "defaultValue": ("默认值", "default"),
    "description": ("提示", "hint"),
    "components": ("各列", "list of columns"),
    "properties": ("设置", "setup"),
    "validate": ("填写限制", "limit"),
    "conditional": ("显示条件", "condition for being shown"),
    "decimalDigits": ("小数位数", "decimal places"),
    "text": ("文字", "text"),
}
LABELS = ("label", "dateLabel", "timeLabel")
DRAWN = ("id", "layout")


# Forms


def forms(sides: Sides) -> Iterator[Change]:
    """Fields that come, go or change, in the order of the form."""
    for key, form in sides.new.own_forms.items():
        if key not in sides.old.own_forms or form.json is None:
            continue
        file = sides.new.form_files[key]
        before, after = sides.old.own_forms[key].components, form.components
        for name, component in after.items():
            if name not in before:
                yield _field(sides, "field_added", file, key, name, component)
            else:
                yield from _field_changes(sides, file, key, name, before[name], component)
        for name, component in before.items():
            if name not in after:
                yield _field(sides, "field_removed", file, key, name, component)


def _title(w: Writer, key: str) -> str:
    """“表单「解决方案报备」”."""
    form = w.names.material.own_forms.get(key)
    json = form.json if form is not None and form.json is not None else {}
    title = w.pick((str(json.get("title") or key), str(json.get("title_en") or json.get("title") or key)))
    return w.of("表单{x}", "the form {x}", x=w.quoted(title))


def _label(w: Writer, component: Mapping[str, Any]) -> str:
    return w.quoted(w.pick(label_of(component).text))


def _field(sides: Sides, kind: str, file: str, form: str, name: str, component: Mapping[str, Any]) -> Change:
    def say(old: Writer, new: Writer) -> str:
        w = new if kind == "field_added" else old
        must = w.of("（必填）", " (required)") if kind == "field_added" and _required(component) else ""
        parts = {"form": _title(new, form), "x": _label(w, component), "must": must}
        if kind == "field_added":
            return w.of("{form}：新增{x}{must}", "{form}: {x} is added{must}", **parts)
        return w.of("{form}：删除{x}", "{form}: {x} is removed", **parts)

    return sides.change(kind, file, name, say)


def _required(component: Mapping[str, Any]) -> bool:
    limits = component.get("validate")
    return isinstance(limits, Mapping) and limits.get("required") is True


def _field_changes(
    sides: Sides, file: str, form: str, name: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Change]:
    def told(zh: str, en: str, **pairs: Pair) -> Change:
        def say(before: Writer, w: Writer) -> str:
            words = {key: w.pick(pair) for key, pair in pairs.items()}
            parts = {"form": _title(w, form), "x": _label(w, new), "old": _label(before, old)} | words
            return w.of("{form}：" + zh, "{form}: " + en, **parts)

        return sides.change("field_changed", file, name, say)

    if any(old.get(part) != new.get(part) for part in LABELS):
        yield told("{old}改名为{x}", "{old} is now called {x}")
    if _required(old) != _required(new):
        yield (
            told("{x}改为必填", "{x} is now required")
            if _required(new)
            else told("{x}不再必填", "{x} is no longer required")
        )
    yield from _choices(told, old, new)
    if isinstance(old.get("components"), list) and isinstance(new.get("components"), list):
        yield from _columns_of_rows(told, old, new)
    for part in sorted(old.keys() | new.keys()):
        if part in (*DRAWN, *LABELS, "values", "components") or _plain(old, part) == _plain(new, part):
            continue
        yield told("{x}的{part}有改动", "the {part} of {x} changes", part=PARTS.get(part, (f"“{part}”", f"“{part}”")))


def _columns_of_rows(told: Any, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """What changed in the columns of a repeated group."""
    before, after = (
        {str(part.get("key")): part for part in one["components"] if isinstance(part, Mapping)} for one in (old, new)
    )
    for key, part in after.items():
        column = label_of(part).text
        if key not in before:
            yield told("{x}新增一列「{c}」", "{x} gets the column “{c}”", c=column)
        elif _required(before[key]) != _required(part):
            must = ("改为必填", "now required") if _required(part) else ("不再必填", "no longer required")
            yield told("{x}的「{c}」{must}", "“{c}” of {x} is {must}", c=column, must=must)
        elif {k: v for k, v in before[key].items() if k not in DRAWN} != {
            k: v for k, v in part.items() if k not in DRAWN
        }:
            yield told("{x}的「{c}」有改动", "“{c}” of {x} changes", c=column)
    for key, part in before.items():
        if key not in after:
            yield told("{x}删除一列「{c}」", "{x} loses the column “{c}”", c=label_of(part).text)


def _plain(component: Mapping[str, Any], part: str) -> object:
    value = component.get(part)
    if part == "validate" and isinstance(value, Mapping):
        return {key: limit for key, limit in value.items() if key != "required"} or None
    return value


def _choices(told: Any, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    before, after = label_of(old).choices, label_of(new).choices
    for value, pair in after.items():
        if value not in before:
            yield told("{x}新增选项「{v}」", "{x} gets the choice “{v}”", v=pair)
        elif before[value] != pair:
            yield told("{x}的选项「{a}」改为「{v}」", "the choice “{a}” of {x} is now “{v}”", a=before[value], v=pair)
    for value, pair in before.items():
        if value not in after:
            yield told("{x}删除选项「{v}」", "{x} loses the choice “{v}”", v=pair)


# Decision tables


def decisions(sides: Sides) -> Iterator[Change]:
    """Rows that come, go or change, and the table around them."""
    before = {table.id: table for table in sides.old.tables}
    for table in sides.new.tables:
        if table.id in before:
            yield from _table(sides, before[table.id], table)


def _table(sides: Sides, old: DecisionTable, new: DecisionTable) -> Iterator[Change]:
    def name(w: Writer) -> str:
        return w.of("决策表{x}", "the decision table {x}", x=w.quoted(new.name or new.id))

    if old.hit_policy != new.hit_policy:
        yield sides.change(
            "hit_policy_changed",
            new.file,
            new.id,
            lambda _old, w: w.of(
                "{x}改了多行符合时的取法", "{x} picks another way among several rows that hold", x=name(w)
            ),
        )
    if _columns(old) != _columns(new):
        yield sides.change(
            "columns_changed",
            new.file,
            new.id,
            lambda _old, w: w.of("{x}的列有改动：{c}", "the columns of {x} are now: {c}", x=name(w), c=_heads(w, new)),
        )
    before, after = ({row.id: row for row in table.rows} for table in (old, new))
    same = _columns(old) == _columns(new)
    for row_id, row in after.items():
        if row_id not in before:
            yield sides.change("row_added", new.file, row_id, lambda _o, w, row=row: _whole_row(w, name(w), new, row))  # type: ignore[misc]
        elif _cells(before[row_id]) != _cells(row):
            one = before[row_id]
            yield sides.change(
                "row_changed",
                new.file,
                row_id,
                lambda o, w, row=row, one=one: (
                    _changed_row(o, w, name(w), new, one, row)  # type: ignore[misc]
                    if same
                    else _whole_row(w, name(w), new, row)
                ),
            )
    for row_id, row in before.items():
        if row_id not in after:
            yield sides.change(
                "row_removed",
                new.file,
                row_id,
                lambda _o, w, row=row: w.of("{x}：删除第 {n} 行", "{x}: row {n} is removed", x=name(w), n=row.number),  # type: ignore[misc]
            )


def _columns(table: DecisionTable) -> list[tuple[str, str]]:
    return [(column.name, column.text) for column in [*table.inputs, *table.outputs]]


def _cells(row: Row) -> list[str]:
    return [*row.cells, *row.results]


def _heads(w: Writer, table: DecisionTable) -> str:
    heads = [*(one.name or one.text for one in table.inputs), *(one.text or one.name for one in table.outputs)]
    return w.of("、", ", ").join(w.quoted(head) for head in heads)


def _told_cells(w: Writer, table: DecisionTable, row: Row) -> list[tuple[str, str]]:
    """(column, what stands in it in words) of each column."""
    found = []
    for column, cell in zip(table.inputs, row.cells, strict=False):
        try:
            found.append((column.name or column.text, cell_words(w, column.text, cell)))
        except Unsayable:
            found.append((column.name or column.text, as_it_stands(w, cell)))
    for column, cell in zip(table.outputs, row.results, strict=False):
        found.append((column.text or column.name, output_words(w, column.name, cell)))
    return found


def _whole_row(w: Writer, name: str, table: DecisionTable, row: Row) -> str:
    told = _told_cells(w, table, row)
    given = [f"{w.quoted(head)} {text}" for head, text in told[: len(row.cells)] if text]
    then = [f"{w.quoted(head)} {text}" for head, text in told[len(row.cells) :]]
    comma = w.of("，", ", ")
    parts = {
        "x": name,
        "n": row.number,
        "a": comma.join(given) or w.of("其他情况", "in all other cases"),
        "b": comma.join(then),
    }
    return w.of("{x}：第 {n} 行为 {a} → {b}", "{x}: row {n} is {a} → {b}", **parts)


def _changed_row(old: Writer, w: Writer, name: str, table: DecisionTable, before: Row, after: Row) -> str:
    one, other = _told_cells(old, table, before), _told_cells(w, table, after)
    cells = zip(_cells(before), _cells(after), one, other, strict=False)
    nothing = w.of("不限", "any")
    told = [
        w.of("{x}由 {a} 改为 {b}", "{x} changes from {a} to {b}", x=w.quoted(head), a=was or nothing, b=now or nothing)
        for old_text, new_text, (_head, was), (head, now) in cells
        if old_text != new_text
    ]
    parts = {"x": name, "n": after.number, "told": w.of("，", ", ").join(told)}
    return w.of("{x}第 {n} 行：{told}", "{x}, row {n}: {told}", **parts)


# Whole files


def files_alone(sides: Sides, old: Mapping[str, bytes], new: Mapping[str, bytes], told: set[str]) -> Iterator[Change]:
    """Files that came, went or changed where nothing was said of what is in them."""
    for name in sorted(old.keys() | new.keys()):
        if name not in told and old.get(name) != new.get(name):
            yield _file(sides, name, old.get(name), new.get(name))


def _file(sides: Sides, name: str, old: bytes | None, new: bytes | None) -> Change:
    kind = "file_added" if old is None else "file_removed" if new is None else "file_changed"
    if kind == "file_changed" and name.endswith(".bpmn"):
        return sides.change(
            "layout", name, name, lambda _o, w: w.of("流程图只改了排版", "only the drawing of the diagram changes")
        )

    def say(before: Writer, after: Writer) -> str:
        w = before if kind == "file_removed" else after
        x = _thing(w, name, new if new is not None else old)
        if kind == "file_added":
            return w.of("新增{x}", "{x} is added", x=x)
        if kind == "file_removed":
            return w.of("删除{x}", "{x} is removed", x=x)
        return w.of("{x}有改动", "{x} changes", x=x)

    return sides.change(kind, name, name, say)


def _thing(w: Writer, name: str, content: bytes | None) -> str:
    """“单据「限期整改通知单」”, “决策表「投诉界定标准」”."""
    if name.endswith(".json"):
        key = next((key for key, file in w.names.material.form_files.items() if file == name), name)
        return _title(w, key)
    if name.endswith(".dmn"):
        title = next((table.name for table in w.names.material.tables if table.file == name and table.name), name)
        return w.of("决策表{x}", "the decision table {x}", x=w.quoted(title))
    if name.endswith(".typ"):
        title = paper_title(content or b"") or name.rpartition("/")[2]
        return w.of("单据{x}", "the paper {x}", x=w.quoted(title))
    if name.endswith(".toml"):
        return w.of("流程设置", "the procedure's settings")
    return w.of("文件{x}", "the file {x}", x=as_it_stands(w, name))
