"""Changes of a diagram: shapes, what they say, and the flows between them."""

from collections.abc import Iterator

from engine.workflow.changes.change import Change, Sides, kind_of, name_of, said, spaced, subject
from engine.workflow.changes.facts import fact_name, facts_of, lengths, value_words
from engine.workflow.lint.diagram import Diagram, Flow, Node
from engine.workflow.wording import Writer

MOST_PLACES = 3  # named as what a new step comes after
TIMES = ("timer", "too_early_until")


def diagrams(sides: Sides) -> Iterator[Change]:
    """All changes of the diagrams that both versions have."""
    before = {diagram.id: diagram for diagram in sides.old.diagrams}
    for diagram in sides.new.diagrams:
        if diagram.id in before:
            yield from _elements(sides, before[diagram.id], diagram)
            yield from _flows(sides, before[diagram.id], diagram)


def _elements(sides: Sides, old: Diagram, new: Diagram) -> Iterator[Change]:
    gone = [node for name, node in old.nodes.items() if name not in new.nodes]
    come = [node for name, node in new.nodes.items() if name not in old.nodes]
    for node in list(gone):
        twin = next((other for other in come if node.name and (other.tag, other.name) == (node.tag, node.name)), None)
        if twin is not None:
            gone.remove(node)
            come.remove(twin)
            yield _new_id(sides, new.file, node, twin)
    for name, node in new.nodes.items():
        if name in old.nodes:
            yield from _facts(sides, new, old.nodes[name], node)
    for node in come:
        if not _belongs_to_timer(node, new, come):
            yield sides.change("element_added", new.file, node.id, lambda _old, w, node=node: _added(w, node, new))  # type: ignore[misc]
    for node in gone:
        if not _belongs_to_timer(node, old, gone):
            yield sides.change("element_removed", new.file, node.id, lambda w, _new, node=node: _removed(w, node, old))  # type: ignore[misc]


def _new_id(sides: Sides, file: str, node: Node, twin: Node) -> Change:
    def say(_old: Writer, w: Writer) -> str:
        parts = {"x": subject(w, twin), "a": node.id, "b": twin.id}
        return w.of("{x}的内部编号由“{a}”改为“{b}”", "the internal id of {x} changes from “{a}” to “{b}”", **parts)

    return sides.change("element_id", file, twin.id, say)


def _belongs_to_timer(node: Node, diagram: Diagram, fellows: list[Node]) -> bool:
    """The small end event of a deadline comes and goes with its timer."""
    if node.properties.get("breach") != "default" or len(node.incoming) != 1:
        return False
    timer = diagram.nodes.get(node.incoming[0].source)
    return timer is not None and timer in fellows and timer.is_timer()


def _added(w: Writer, node: Node, diagram: Diagram) -> str:
    if node.host is not None:
        return _added_boundary(w, node, diagram)
    parts = {"x": subject(w, node), "who": _who(w, node), "then": _then(w, node), "place": _place(w, node)}
    if parts["place"]:
        return w.of("{place}之后新增{x}{who}{then}", "{x} is added after {place}{who}{then}", **parts)
    return w.of("新增{x}{who}{then}", "{x} is added{who}{then}", **parts)


def _added_boundary(w: Writer, node: Node, diagram: Diagram) -> str:
    parts = {"host": subject(w, diagram.nodes[node.host]) if node.host in diagram.nodes else "", "x": name_of(w, node)}
    time = facts_of(node).get("timer")
    if time and "deadline" in node.properties:
        parts["time"] = said(w, lambda text: w.time(text).words, time)
        return w.of("{host}新增时限{x}：{time}", "{host} gets the deadline {x}: {time}", **parts)
    return w.of("{host}新增事件{x}", "{host} gets the event {x}", **parts)


def _who(w: Writer, node: Node) -> str:
    if node.tag != "userTask":
        return ""
    if "candidate" in node.properties:
        who = said(w, w.who, node.properties["candidate"])
    elif node.lane is not None and node.lane.name:
        who = w.pick(w.names.lane(node.lane.name))
    else:
        return ""
    return w.of("，由{x}办理", ", done by {x}", x=who)


def _place(w: Writer, node: Node) -> str:
    """What a new shape comes after: “「制定方案」”, “「审核结果？」选「同意」”."""
    sources = [_leaving(w, flow, node.scope.nodes.get(flow.source)) for flow in node.incoming[:MOST_PLACES]]
    return w.of("、", " and ").join(source for source in sources if source)


def _leaving(w: Writer, flow: Flow, source: Node | None) -> str:
    if source is None or (source.tag == "startEvent" and not source.name):
        return ""
    if flow.name and source.tag.endswith("Gateway"):
        return w.of("{x}选{y}", "{x} {y}", x=name_of(w, source), y=w.quoted(flow.name))
    return name_of(w, source)


def _then(w: Writer, node: Node) -> str:
    """Where it goes on from a new shape; of a gateway's answers one after the other."""
    ways = []
    for flow in node.outgoing:
        target = name_of(w, node.scope.nodes.get(flow.target))
        words = ("{y}到{t}", "{y} leads to {t}") if flow.name else ("到{t}", "on to {t}")
        ways.append(w.pick(words).format(y=w.quoted(flow.name), t=target))
    return w.of("，之后{x}", ", then {x}", x=w.of("、", ", ").join(ways)) if ways else ""


def _removed(w: Writer, node: Node, diagram: Diagram) -> str:
    if node.host in diagram.nodes:
        parts = {"host": subject(w, diagram.nodes[node.host]), "x": name_of(w, node)}
        time = facts_of(node).get("timer")
        if time and "deadline" in node.properties:
            parts["time"] = said(w, lambda text: w.time(text).words, time)
            return w.of("{host}不再有时限{x}（{time}）", "{host} no longer has the deadline {x} ({time})", **parts)
        return w.of("{host}不再有事件{x}", "{host} no longer has the event {x}", **parts)
    return w.of("删除{x}", "{x} is removed", x=subject(w, node))


def _facts(sides: Sides, diagram: Diagram, old: Node, new: Node) -> Iterator[Change]:
    before, after = facts_of(old), facts_of(new)
    for fact in dict.fromkeys([*after, *before]):
        one, other = before.get(fact, ""), after.get(fact, "")
        if one != other:
            yield _fact(sides, diagram, (old, new), fact, (one, other))
        elif fact in TIMES and _sounds_different(sides, one):
            yield _time(sides, diagram, (old, new), fact, (one, other))


def _sounds_different(sides: Sides, text: str) -> bool:
    """Whether one expression gives another time: a parameter that it reads has changed."""
    if "parameter(" not in text:
        return False
    one, other = (said(w, lambda time, w=w: w.time(time).words, text) for w in (sides.before[0], sides.after[0]))  # type: ignore[misc]
    return one != other


def _fact(sides: Sides, diagram: Diagram, nodes: tuple[Node, Node], fact: str, values: tuple[str, str]) -> Change:
    if fact == "name":
        return _renamed(sides, diagram.file, *nodes)
    if fact in TIMES and all(values):
        return _time(sides, diagram, nodes, fact, values)

    def say(old: Writer, new: Writer) -> str:
        parts = {
            "x": subject(new, _shown(diagram, nodes[1], fact)),
            "fact": fact_name(new, fact),
            "a": value_words(old, fact, values[0], nodes[0]),
            "b": value_words(new, fact, values[1], nodes[1]),
        }
        if fact == "lane":
            return new.of("{x}由{a}移到{b}", "{x} goes from {a} to {b}", **parts)
        if fact in ("documentation", "extensions"):
            return new.of("{x}的{fact}有改动", "the {fact} of {x} changes", **parts)
        return new.of("{x}的{fact}由{a}改为{b}", "the {fact} of {x} changes from {a} to {b}", **parts)

    return sides.change("element_changed", diagram.file, nodes[1].id, say)


def _shown(diagram: Diagram, node: Node, fact: str) -> Node:
    """A deadline's own facts are told of the step that bears it."""
    host = diagram.nodes.get(node.host or "")
    return host if host is not None and fact == "responsible" else node


def _renamed(sides: Sides, file: str, old: Node, new: Node) -> Change:
    def say(before: Writer, after: Writer) -> str:
        parts = {"kind": kind_of(after, new), "a": name_of(before, old), "b": name_of(after, new)}
        return after.of("{kind}{a}改名为{b}", "the {kind} {a} is now called {b}", **parts)

    return sides.change("element_renamed", file, new.id, say)


def _time(sides: Sides, diagram: Diagram, nodes: tuple[Node, Node], fact: str, values: tuple[str, str]) -> Change:
    """“步骤「客户回电」的时限由 24 小时改为 8 工作小时”."""
    node = nodes[1]
    host = diagram.nodes.get(node.host or "")
    deadlines = [
        one
        for one in diagram.nodes.values()
        if host is not None and one.host == host.id and "deadline" in one.properties
    ]

    def say(old: Writer, new: Writer) -> str:
        one, other = lengths(old, new, *values)
        parts = {"a": one, "b": other, "x": subject(new, host or node), "name": name_of(new, node)}
        if fact == "too_early_until":
            return new.of(
                "{x}的最早办理时间由{a}改为{b}",
                "the earliest time of {x} changes from {a} to {b}",
                **spaced(new, parts),
            )
        if node in deadlines and len(deadlines) == 1:
            return new.of("{x}的时限由{a}改为{b}", "the deadline of {x} changes from {a} to {b}", **spaced(new, parts))
        if node in deadlines:
            return new.of(
                "{x}的时限{name}由{a}改为{b}",
                "the deadline {name} of {x} changes from {a} to {b}",
                **spaced(new, parts),
            )
        parts["x"] = subject(new, node)
        return new.of("{x}的时间由{a}改为{b}", "the time of {x} changes from {a} to {b}", **spaced(new, parts))

    return sides.change(
        "deadline_changed", diagram.file, node.id, say, lambda old, new: " → ".join(lengths(old, new, *values))
    )


def _flows(sides: Sides, old: Diagram, new: Diagram) -> Iterator[Change]:
    before = {(flow.source, flow.target): flow for flow in old.flows.values()}
    after = {(flow.source, flow.target): flow for flow in new.flows.values()}
    for ends, flow in before.items():
        if ends not in after and set(ends) <= new.nodes.keys():
            yield _flow(sides, "flow_removed", new.file, flow, old)
    for ends, flow in after.items():
        if ends not in before and set(ends) <= old.nodes.keys():
            yield _flow(sides, "flow_added", new.file, flow, new)
        elif ends in before:
            yield from _flow_changed(sides, new, before[ends], flow)


def _flow(sides: Sides, kind: str, file: str, flow: Flow, diagram: Diagram) -> Change:
    def say(old: Writer, new: Writer) -> str:
        w = new if kind == "flow_added" else old
        source, target = diagram.nodes.get(flow.source), name_of(w, diagram.nodes.get(flow.target))
        parts = {"a": _leaving(w, flow, source) or name_of(w, source), "b": target}
        if kind == "flow_removed":
            return w.of("不再从{a}直接到{b}", "it no longer goes from {a} straight to {b}", **parts)
        return w.of("从{a}可以直接到{b}", "it may go from {a} straight to {b}", **parts)

    return sides.change(kind, file, flow.id, say)


def _flow_changed(sides: Sides, diagram: Diagram, old: Flow, new: Flow) -> Iterator[Change]:
    source, target = diagram.nodes.get(new.source), diagram.nodes.get(new.target)

    def ends(w: Writer) -> dict[str, str]:
        return {"x": name_of(w, source), "y": name_of(w, target)}

    if old.condition != new.condition:
        yield sides.change(
            "condition_changed",
            diagram.file,
            new.id,
            lambda one, w: w.of(
                "从{x}到{y}的条件由{a}改为{b}",
                "the condition from {x} to {y} changes from {a} to {b}",
                a=said(one, one.condition, old.condition or ""),
                b=said(w, w.condition, new.condition or ""),
                **ends(w),
            ),
        )
    if old.name != new.name:
        yield sides.change(
            "flow_renamed",
            diagram.file,
            new.id,
            lambda _one, w: w.of(
                "从{x}到{y}的线上文字由{a}改为{b}",
                "the words on the line from {x} to {y} change from {a} to {b}",
                a=w.quoted(old.name),
                b=w.quoted(new.name),
                **ends(w),
            ),
        )
