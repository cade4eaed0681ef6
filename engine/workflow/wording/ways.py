"""What comes after a step: through gateways, with the conditions in words."""

from collections.abc import Iterator

from engine.workflow.lint.diagram import Flow, Node
from engine.workflow.wording.writer import Unsayable, Writer

CHOOSING = ("exclusiveGateway", "inclusiveGateway")


def ways_from(w: Writer, node: Node) -> Iterator[tuple[str, Node]]:
    """(on which condition, step or end) of all that may come next; "" where it always does."""
    for flow in node.outgoing:
        yield from _follow(w, node, flow, [], frozenset())


def _follow(
    w: Writer, source: Node, flow: Flow, conditions: list[str], seen: frozenset[str]
) -> Iterator[tuple[str, Node]]:
    target = source.scope.nodes.get(flow.target)
    if target is None or target.id in seen:
        return
    if source.tag in CHOOSING and len(source.outgoing) > 1:
        conditions = [*conditions, _answer(w, source, flow)]
    if target.tag.endswith("Gateway"):
        for onward in target.outgoing:
            yield from _follow(w, target, onward, conditions, seen | {target.id})
        return
    yield w.of("，", ", ").join(one for one in conditions if one), target


def _answer(w: Writer, gateway: Node, flow: Flow) -> str:
    """“客户同意？不同意（「客户同意」选「否」）”: the owner's words, and what they mean in fields."""
    words = ""
    if flow.condition and flow.id != gateway.default:
        try:
            words = w.condition(flow.condition)
        except Unsayable:
            words = ""
    named = f"{gateway.name}{flow.name}" if flow.name else ""
    if w.language == "en":
        return words or ("otherwise" if flow.id == gateway.default else named)
    if not named:
        return words or ("其他情况" if flow.id == gateway.default else "")
    return f"{named}（{words}）" if words else named
