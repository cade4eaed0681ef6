"""Walk the markings of a scope to find splits and joins that do not fit each other.

A token stands on a sequence flow. Sub-processes and loops of a task are one step; a non-interrupting boundary event
starts a token of its own and is walked alone. Two findings: a parallel join that waits for ever (an exclusive or
inclusive split before it), and a merge that is passed twice because two of its flows hold a token at once (a parallel
or inclusive split before it). An end event may be reached by several tokens.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import TypeAlias

from engine.workflow.lint.diagram import Flow, Node, Scope

Marking: TypeAlias = frozenset[int]  # the numbers of the flows that hold a token

MOST_MARKINGS = 4_000
WIDEST = 8  # flows of an inclusive split whose combinations are all tried


def mismatches(scope: Scope) -> list[tuple[str, str]]:
    """(code, element id) of each mismatch in one scope, sorted."""
    found: set[tuple[str, str]] = set()
    walk = _Walk(scope)
    if not walk.interesting():
        return []
    origins = [start for start in scope.nodes.values() if start.tag == "startEvent"]
    origins += [event for event in scope.nodes.values() if event.host and not event.interrupting]
    for origin in origins:
        found |= walk.explore(origin)
    return sorted(found)


class _Walk:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.flows: list[Flow] = [flow for node in scope.nodes.values() for flow in node.outgoing]
        self.number = {id(flow): position for position, flow in enumerate(self.flows)}
        self.into = {name: frozenset(self.number[id(f)] for f in node.incoming) for name, node in scope.nodes.items()}
        self.reach: dict[tuple[str, int], frozenset[int]] = {}
        self.twice: set[tuple[str, str]] = set()

    def interesting(self) -> bool:
        """Without a join, or without anything that makes several tokens or loses some, nothing can go wrong."""
        nodes = self.scope.nodes.values()
        return any(len(node.incoming) > 1 for node in nodes) and any(
            node.tag in ("parallelGateway", "inclusiveGateway") for node in nodes
        )

    def explore(self, origin: Node) -> set[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        start = frozenset(self.number[id(flow)] for flow in origin.outgoing)
        seen, queue = {start}, [start]
        while queue:
            marking = queue.pop()
            found |= self._doubled(marking)
            moves = self._moves(marking)
            if not moves and marking:
                found |= {("gateways.xor_into_and", self.flows[token].target) for token in marking}
            for following in moves:
                if following not in seen:
                    seen.add(following)
                    queue.append(following)
            if len(seen) > MOST_MARKINGS:
                return found | {("gateways.too_tangled", origin.id)}
        return found or self.twice

    def _doubled(self, marking: Marking) -> set[tuple[str, str]]:
        return {
            ("gateways.and_into_xor", node.id)
            for node in self.scope.nodes.values()
            if node.tag not in ("parallelGateway", "inclusiveGateway", "endEvent")
            and len(self.into[node.id] & marking) > 1
        }

    def _moves(self, marking: Marking) -> list[Marking]:
        """The markings after one step. A token on a plain flow moves first and alone: the order does not matter."""
        nodes = {self.flows[token].target: self.scope.nodes[self.flows[token].target] for token in marking}
        found: list[Marking] = []
        for name, node in sorted(nodes.items()):
            if not self._enabled(node, marking):
                continue
            taken = self.into[name] & marking
            if node.tag not in ("parallelGateway", "inclusiveGateway"):
                taken = frozenset([min(taken)])
            rest = frozenset() if _clears(node) else marking - taken
            outcomes = self._outcomes(node)
            if any(rest & outcome for outcome in outcomes):
                self.twice.add(("gateways.runs_twice", name))
            steps = [rest | outcome for outcome in outcomes]
            if len(steps) == 1 and len(node.incoming) == 1:
                return steps
            found += steps
        return found

    def _enabled(self, node: Node, marking: Marking) -> bool:
        arrived, wanted = self.into[node.id] & marking, self.into[node.id]
        if node.tag == "parallelGateway":
            return arrived == wanted
        if node.tag != "inclusiveGateway" or arrived == wanted:
            return True
        return not any(
            self._reaches(node, token) & (wanted - arrived) and not self._reaches(node, token) & arrived
            for token in marking - wanted
        )

    def _reaches(self, join: Node, token: int) -> frozenset[int]:
        """The inputs of an inclusive join that a token can come to without passing the join (BPMN 2.0.2, 13.4.3)."""
        if (join.id, token) not in self.reach:
            seen, queue = {token}, [token]
            while queue:
                node = self.scope.nodes[self.flows[queue.pop()].target]
                if node is join:
                    continue
                for flow in self._leaving(node):
                    number = self.number[id(flow)]
                    if number not in seen:
                        seen.add(number)
                        queue.append(number)
            self.reach[join.id, token] = frozenset(seen) & self.into[join.id]
        return self.reach[join.id, token]

    def _leaving(self, node: Node) -> Iterator[Flow]:
        yield from node.outgoing
        for event in self.scope.boundaries(node.id):
            if event.interrupting:
                yield from event.outgoing

    def _outcomes(self, node: Node) -> list[Marking]:
        """What a node puts on its flows: every possible set."""
        own = [self.number[id(flow)] for flow in node.outgoing]
        if node.tag == "endEvent":
            return [frozenset()]
        if node.tag in ("exclusiveGateway", "eventBasedGateway"):
            found = [frozenset([number]) for number in own]
        elif node.tag == "inclusiveGateway" and len(own) <= WIDEST:
            found = [frozenset(some) for size in range(1, len(own) + 1) for some in combinations(own, size)]
        elif node.tag == "inclusiveGateway":
            found = [*(frozenset([number]) for number in own), frozenset(own)]
        else:
            found = [frozenset(own)]
        for event in self.scope.boundaries(node.id):
            if event.interrupting:
                found.append(frozenset(self.number[id(flow)] for flow in event.outgoing))
        return found or [frozenset()]


def _clears(node: Node) -> bool:
    """Whether reaching this end event takes all other tokens of the scope away."""
    return node.tag == "endEvent" and bool({"terminateEventDefinition", "errorEventDefinition"} & set(node.events))
