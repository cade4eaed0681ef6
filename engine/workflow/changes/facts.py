"""What the engine reads of one element, and each fact in words."""

from engine.workflow.changes.change import as_it_stands, kind_of, name_of, said
from engine.workflow.lint.diagram import Node, called_decision, condition_text, extensions_of, service_call, timer_of
from engine.workflow.lint.reading import content_of, local
from engine.workflow.wording import Length, Pair, Unsayable, Writer

FACTS: dict[str, Pair] = {
    "kind": ("类型", "kind"),
    "lane": ("泳道", "lane"),
    "host": ("所附步骤", "step it sits on"),
    "interrupting": ("是否打断步骤", "interruption of the step"),
    "multi": ("逐项办理方式", "way of going through the items"),
    "timer": ("时间", "time"),
    "condition": ("条件", "condition"),
    "operation": ("操作", "operation"),
    "decision": ("决策表", "decision table"),
    "called": ("办理的流程", "called procedure"),
    "default": ("其他情况的去向", "way in all other cases"),
    "inside": ("所在环节", "surrounding block"),
    "documentation": ("说明", "description"),
    "candidate": ("办理人", "assignment"),
    "clause": ("手册条款", "clause of the manual"),
    "excluded": ("须回避的人", "exclusion"),
    "form": ("表单", "form"),
    "deadline": ("时限编号", "number of the deadline"),
    "responsible": ("超时后通知的人", "circle of those told of a breach"),
    "met_when": ("算作按时完成的条件", "condition for having met it"),
    "too_early_until": ("最早办理时间", "earliest time"),
    "end_state": ("结案状态", "end state"),
    "breach": ("超时记录", "note of a breach"),
    "for_each": ("逐项的清单", "list of items"),
    "correlation": ("找到案件的依据", "key that finds the case"),
    "extensions": ("内部设置", "internal setup"),
}
WHO = ("candidate", "excluded", "responsible")
CONDITIONS = ("condition", "met_when")
WAYS = {"parallel": ("逐项同时", "all at once"), "sequential": ("逐项依次", "one after the other")}


def facts_of(node: Node) -> dict[str, str]:
    """What the engine reads of one element: fact or property → text."""
    timer, called = timer_of(node), service_call(node)
    found = {
        "name": node.name,
        "kind": " ".join((node.tag, *node.events)),
        "lane": node.lane.name if node.lane else "",
        "host": node.host or "",
        "interrupting": "" if node.host is None else str(node.interrupting),
        "multi": node.multi or "",
        "timer": timer[1] if timer else "",
        "condition": condition_text(node),
        "operation": called[0] if called else "",
        "decision": called_decision(node) or "",
        "called": node.xml.get("calledElement", ""),
        "default": node.default or "",
        "inside": node.scope.owner.id if node.scope.owner else "",
        "documentation": " ".join(content_of(child) for child in node.xml if local(child) == "documentation"),
    }
    found |= {f"parameter {name}": value for name, value in (called[1] if called else {}).items()}
    found |= {name: value for name, value in node.properties.items()}
    found["extensions"] = " ".join(
        sorted(local(entry) for entry in extensions_of(node.xml) if local(entry) != "properties")
    )
    return {name: value for name, value in found.items() if value}


def fact_name(w: Writer, fact: str) -> str:
    """“办理人”; of an operation's parameter or of another property with its name."""
    if fact in FACTS:
        return w.pick(FACTS[fact])
    kind, _, name = fact.replace("parameter ", "parameter.").partition(".")
    words = {
        "parameter": ("操作的“{x}”", "“{x}” of the operation"),
        "input": ("交给它的“{x}”", "“{x}” that it is given"),
        "output": ("交回的“{x}”", "“{x}” that it gives back"),
        "payload": ("消息里的“{x}”", "“{x}” of the message"),
    }
    return w.pick(words.get(kind, ("设置“{x}”", "setting “{x}”"))).format(x=name or fact)


def value_words(w: Writer, fact: str, text: str, node: Node) -> str:
    """The value of a fact in words."""
    if fact in WHO:
        return said(w, w.who, text)
    if fact in CONDITIONS:
        return said(w, w.condition, text)
    if fact == "for_each":
        return said(w, w.items, text)
    if fact in ("timer", "too_early_until"):
        return said(w, lambda time: w.time(time).words, text)
    if not text:
        return w.of("没有", "nothing")
    return _named(w, fact, text, node) or as_it_stands(w, text)


def _named(w: Writer, fact: str, text: str, node: Node) -> str | None:
    names = w.names
    if fact == "lane":
        return w.quoted(w.pick(names.lane(text)))
    if fact in ("host", "inside"):
        return name_of(w, names.node(text))
    if fact == "default":
        flow = next((d.flows[text] for d in names.material.diagrams if text in d.flows), None)
        return name_of(w, names.node(flow.target)) if flow is not None else None
    if fact == "called":
        called = names.called(text)
        return w.quoted(w.pick(called.title)) if called is not None else None
    if fact == "decision":
        table = names.material.table(text)
        return w.quoted(table.name) if table is not None and table.name else None
    if fact == "form":
        form = names.material.own_forms.get(text)
        title = form.json.get("title") if form is not None and form.json else None
        return w.quoted(str(title)) if title else None
    if fact == "interrupting":
        return w.of("打断", "it is interrupted") if text == "True" else w.of("不打断", "it goes on")
    if fact == "multi" and text in WAYS:
        return w.pick(WAYS[text])
    if fact == "kind":
        return kind_of(w, node)
    return None


def lengths(old: Writer, new: Writer, before: str, after: str) -> tuple[str, str]:
    """Two times in words; what both count from is left out."""
    said_times: list[Length | None] = []
    for w, text in ((old, before), (new, after)):
        try:
            said_times.append(w.time(text))
        except Unsayable:
            said_times.append(None)
    one, other = said_times
    if one is not None and other is not None and one.length and other.length and one.rest == other.rest:
        return one.length, other.length
    words = [
        time.words if time is not None else as_it_stands(new, text)
        for time, text in zip(said_times, (before, after), strict=True)
    ]
    return words[0], words[1]
