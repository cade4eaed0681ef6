"""Why a story did not go as it says: what the command line says in English, the studio in plain Chinese too."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.clock import OFFICE
from engine.errors import EngineError, FormRejected, InvalidDiagram, StoryFailed
from engine.messages import say

TEXTS: dict[str, tuple[str, str]] = {
    "nobody": ("情景里的人“{who}”不在公司人员里", "nobody is called {who!r}"),
    "no_start": ("情景没有开始任何案件", "the story has started no case"),
    "no_case": ("没有“{procedure}”的案件", "there is no case of {procedure}"),
    "clock": ("时间不能往回走", "the clock can't go back"),
    "went_through": ("这一步本该被拒绝（{wanted}），却通过了", "{wanted} was expected, but it went through"),
    "refused": ("这一步被拒绝：{message}", "refused with {codes} {context}, expected {wanted}"),
    "refused_elsewhere": ("拒绝指向 {fields}，不是 {named}", "the refusal names {fields}, not {named}"),
    "not_open": ("步骤{element}这时没有打开。打开着的是{open}", "{element} is not open; open: {open}"),
    "not_running": (
        "时限 {deadline} 这时没有在计时。在计时的是{running}",
        "{deadline} is not running; running: {running}",
    ),
    "not_told": ("没有通知{missing}。通知到的是{told}", "not told: {missing}; told: {told}"),
    "differs": ("{name}应为{wanted}，实际为{found}", "{name}: expected {wanted}, found {found}"),
    "other": ("{text}", "{text}"),
}
NAMES = {
    "open": "打开着的步骤", "assignee": "办理人", "candidates": "可办理的人", "due": "到期时间", "breaches": "超时",
    "met": "按时完成的时限", "data": "数据", "status": "案件状态", "end_state": "案件结果", "balances": "账目",
    "cases": "未结的案件", "incidents": "异常数",
}  # fmt: skip


def failed(story: str, step: int, code: str, *, deed: str | None = None, **context: Any) -> StoryFailed:
    """The error of a story, whose `said` keeps the code and what belongs to it."""
    named = {} if deed is None else {"deed": deed}
    error = StoryFailed(story=story, step=step, **named, reason=TEXTS[code][1].format_map(context))
    error.said = (code, context)
    return error


def in_words(error: EngineError, names: Mapping[str, str], language: str) -> str:
    """Why, for who reads `language`; `names`: what people call elements and people."""
    if not language.startswith("zh"):
        return str(error.context.get("reason") or error)
    if isinstance(error, StoryFailed):
        code, context = error.said or ("other", {"text": error.context.get("reason", "")})
        shown = {key: _shown(value, names) for key, value in context.items()}
        return TEXTS[code][0].format_map(shown | {"name": NAMES.get(str(context.get("name")), "")})
    return refusal(error)


def refusal(error: EngineError) -> str:
    """What was refused, in Chinese: of a form each field, of a diagram its first problems."""
    if isinstance(error, FormRejected):
        return "；".join(
            f"{field}：{say(code, 'zh', **given)}" for field, (code, given) in error.context.get("errors", {}).items()
        )
    if isinstance(error, InvalidDiagram):
        return " ".join(getattr(one, "message_zh", str(one)) for one in error.problems[:3])
    return say(error.code, "zh", **error.context)


def _shown(value: Any, names: Mapping[str, str]) -> str:
    if value is None or value in ([], {}):
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.astimezone(OFFICE).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, Mapping):
        return "、".join(f"{_shown(key, names)} {_shown(one, names)}" for key, one in value.items())
    if isinstance(value, list | tuple | set):
        return "、".join(_shown(one, names) for one in value)
    element, _, item = str(value).partition("[")
    known = names.get(element)
    return f"「{known}」{'[' + item if item else ''}" if known else str(value)
