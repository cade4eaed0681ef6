"""One change, and the writers that say it in both languages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from engine.workflow.lint.diagram import Node
from engine.workflow.lint.material import Material
from engine.workflow.lint.problem import shorten
from engine.workflow.wording import Known, Names, Unsayable, Writer

Mark: TypeAlias = Literal["add", "chg", "rem"]
AREAS = ((".bpmn", "diagram"), (".toml", "parameters"), (".json", "forms"), (".dmn", "decisions"))


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `element` is an element id, a field key, a parameter or a row, as `kind` says.

    `brief_zh` and `brief_en` are for the pill on a shape: “24 小时 → 8 工作小时”; mostly empty.
    """

    kind: str
    file: str
    element: str
    message_zh: str
    message_en: str
    brief_zh: str = ""
    brief_en: str = ""

    @property
    def mark(self) -> Mark:
        return "add" if self.kind.endswith("_added") else "rem" if self.kind.endswith("_removed") else "chg"

    @property
    def area(self) -> str:
        """diagram, parameters, forms, decisions or documents."""
        return next((area for ending, area in AREAS if self.file.endswith(ending)), "documents")


@dataclass(frozen=True, slots=True)
class Sides:
    """The two versions, each with its writers: (Chinese, English)."""

    old: Material
    new: Material
    before: tuple[Writer, Writer]
    after: tuple[Writer, Writer]

    @classmethod
    def of(cls, old: Material, new: Material, known: Known | None) -> "Sides":
        before, after = Names(old, known), Names(new, known)
        return cls(old, new, (Writer(before, "zh"), Writer(before, "en")), (Writer(after, "zh"), Writer(after, "en")))

    def change(
        self,
        kind: str,
        file: str,
        element: str,
        say: Callable[[Writer, Writer], str],
        brief: Callable[[Writer, Writer], str] | None = None,
    ) -> Change:
        """Say a change in both languages; the writers are of the old and of the new version."""
        pairs = tuple(zip(self.before, self.after, strict=True))
        zh, en = (say(old, new) for old, new in pairs)
        brief_zh, brief_en = (brief(old, new) for old, new in pairs) if brief else ("", "")
        return Change(kind, file, shorten(element), zh, en, brief_zh, brief_en)


KINDS = {
    "userTask": ("步骤", "step"),
    "serviceTask": ("自动步骤", "automatic step"),
    "businessRuleTask": ("决策", "decision"),
    "callActivity": ("子流程", "procedure"),
    "subProcess": ("环节", "block"),
    "startEvent": ("开始", "start"),
    "endEvent": ("结束", "end"),
    "boundaryEvent": ("事件", "event"),
    "intermediateCatchEvent": ("等待", "wait"),
    "intermediateThrowEvent": ("事件", "event"),
}


def kind_of(w: Writer, node: Node) -> str:
    """“步骤”, “子流程”, “分支”."""
    return w.pick(KINDS.get(node.tag, ("分支", "gateway")))


def name_of(w: Writer, node: Node | None) -> str:
    """“「客户回电」”, or what a shape without a name is: “汇合点”."""
    if node is None:
        return w.of("（没有）", "(nothing)")
    if node.name:
        return w.quoted(w.pick(w.names.pair(node.name)))
    place = w.names.place(node)
    return w.pick(place) if place else as_it_stands(w, node.id)


def subject(w: Writer, node: Node) -> str:
    """“步骤「客户回电」”."""
    if not node.name and w.names.place(node):
        return name_of(w, node)
    return f"{kind_of(w, node)}{w.of('', ' ')}{name_of(w, node)}"


def as_it_stands(w: Writer, text: object) -> str:
    """What there are no words for, in quotes."""
    return f"“{shorten(str(text))}”"


def said(w: Writer, say: Callable[[str], str], text: str) -> str:
    """An expression in words, else as it stands; “没有” where there is none."""
    if not text:
        return w.of("没有", "nothing")
    try:
        return say(text)
    except Unsayable:
        return as_it_stands(w, text)


def spaced(w: Writer, parts: dict[str, str]) -> dict[str, str]:
    """Chinese has a space where a number meets its words: 由 24 小时改为 8 工作小时."""
    if w.language != "zh":
        return parts
    return {key: f" {text}" if key in "ab" and text[:1].isdigit() else text for key, text in parts.items()}
