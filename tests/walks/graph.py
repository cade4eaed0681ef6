"""A tree as nodes and sequence flows: what `bpmn` writes and `interpreter` plays."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from tests.walks.blocks import (
    Block,
    Body,
    Boundary,
    Call,
    Choice,
    Condition,
    End,
    Inclusive,
    Loop,
    Parallel,
    Pause,
    Process,
    Race,
    Raise,
    Send,
    Service,
    Sub,
    Task,
)

ACTIVITIES = ("task", "service", "sub", "call")


@dataclass(slots=True)
class Flow:
    id: str
    source: str
    target: str
    condition: Condition | None = None
    default: bool = False


@dataclass(slots=True, eq=False)
class Node:
    """`kind`: start, end, terminate, an activity, boundary, catch, throw, race, exclusive, parallel or inclusive."""

    id: str
    kind: str
    block: Block | Boundary | None = None
    body: "Graph | None" = None  # of a sub-process
    host: str | None = None  # of a boundary event
    event: str | None = None  # timer, message, conditional, error, escalation, signal
    hours: int | None = None  # of a timer
    end_state: str | None = None  # of an end event at the top level of a process
    breach: bool = False  # an end event that does no more than tell of a breach
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    attached: list[str] = field(default_factory=list)  # boundary events


@dataclass(slots=True, eq=False)
class Graph:
    """One process (`outermost`) or one embedded sub-process."""

    name: str
    outermost: bool
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    start: str = ""
    reach: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def inputs_within_reach(self, place: str, join: Node) -> frozenset[str]:
        """The inputs of a join that a token at this node can come to without passing the join itself."""
        key = place, join.id
        if key not in self.reach:
            seen, inputs, stack = {place}, set(), [place]
            while stack:
                node = self.nodes[stack.pop()]
                ahead = [*node.outgoing, *(flow for event in node.attached for flow in self.nodes[event].outgoing)]
                inputs |= {flow.id for flow in ahead if flow.target == join.id}
                fresh = {flow.target for flow in ahead} - seen - {join.id}
                seen |= fresh
                stack.extend(fresh)
            self.reach[key] = frozenset(inputs)
        return self.reach[key]


@dataclass(frozen=True, slots=True)
class Exit:
    """A flow whose target is not drawn yet."""

    source: str
    condition: Condition | None = None
    default: bool = False


Exits: TypeAlias = list[Exit]


def graphs(process: Process) -> tuple[Graph, dict[str, Graph]]:
    """The main process, and every called one by name."""
    called: dict[str, Graph] = {}
    return _Flattener(called).process(process, process.name), called


class _Flattener:
    def __init__(self, called: dict[str, Graph]) -> None:
        self.called = called

    def process(self, process: Process, name: str) -> Graph:
        return self.level(name, process.body, outermost=True)

    def level(self, name: str, body: Body, *, outermost: bool = False) -> Graph:
        graph = Graph(name, outermost)
        graph.start = self.node(graph, f"{name}_start", "start").id
        exits = self.body(graph, body, [Exit(graph.start)])
        if exits:
            self.end(graph, f"{name}_end", "end", exits)
        return graph

    def end(self, graph: Graph, id: str, kind: str, exits: Exits, *, breach: bool = False) -> None:
        end_state = f"{id}_state" if graph.outermost and not breach else None
        self.enter(graph, self.node(graph, id, kind, end_state=end_state, breach=breach), exits)

    def node(self, graph: Graph, id: str, kind: str, **more: object) -> Node:
        node = Node(id, kind, **more)  # type: ignore[arg-type]
        graph.nodes[id] = node
        return node

    def enter(self, graph: Graph, node: Node, exits: Exits) -> None:
        """Draw flows to a node; a gateway that forks or synchronises gets one flow (a merge stands before it)."""
        if len(exits) > 1 and node.kind in ("parallel", "inclusive", "race", "exclusive", "catch", "throw"):
            exits = self.merge(graph, f"{node.id}_before", exits)
        for exit in exits:
            self.flow(graph, exit, node)

    def flow(self, graph: Graph, exit: Exit, target: Node) -> None:
        flow = Flow(f"{exit.source}_to_{target.id}", exit.source, target.id, exit.condition, exit.default)
        graph.flows.append(flow)
        graph.nodes[exit.source].outgoing.append(flow)
        target.incoming.append(flow)

    def merge(self, graph: Graph, id: str, exits: Exits) -> Exits:
        node = self.node(graph, id, "exclusive")
        for exit in exits:
            self.flow(graph, exit, node)
        return [Exit(id)]

    def body(self, graph: Graph, body: Body, exits: Exits) -> Exits:
        for block in body:
            exits = getattr(self, f"draw_{type(block).__name__.lower()}")(graph, block, exits)
        return exits

    # ---- activities and events

    def activity(self, graph: Graph, block: Task | Service | Sub | Call, kind: str, exits: Exits) -> Exits:
        inner = self.level(block.id, block.body) if isinstance(block, Sub) else None
        node = self.node(graph, block.id, kind, block=block, body=inner)
        self.enter(graph, node, exits)
        after = [Exit(block.id)]
        for boundary in block.boundaries:
            more = {"block": boundary, "host": block.id, "hours": boundary.hours, "event": boundary.event}
            event = self.node(graph, boundary.id, "boundary", **more)
            node.attached.append(event.id)
            tail = self.body(graph, boundary.path, [Exit(boundary.id)])
            if boundary.interrupting:
                after.extend(tail)
            else:
                breach = boundary.deadline is not None and not boundary.path
                self.end(graph, f"{boundary.id}_end", "end", tail, breach=breach)
        return after

    def draw_task(self, graph: Graph, block: Task, exits: Exits) -> Exits:
        return self.activity(graph, block, "task", exits)

    def draw_service(self, graph: Graph, block: Service, exits: Exits) -> Exits:
        return self.activity(graph, block, "service", exits)

    def draw_sub(self, graph: Graph, block: Sub, exits: Exits) -> Exits:
        return self.activity(graph, block, "sub", exits)

    def draw_call(self, graph: Graph, block: Call, exits: Exits) -> Exits:
        self.called[block.process.name] = self.process(block.process, block.process.name)
        return self.activity(graph, block, "call", exits)

    def draw_pause(self, graph: Graph, block: Pause, exits: Exits) -> Exits:
        event = "message" if block.hours is None else "timer"
        self.enter(graph, self.node(graph, block.id, "catch", block=block, hours=block.hours, event=event), exits)
        return [Exit(block.id)]

    def draw_raise(self, graph: Graph, block: Raise, exits: Exits) -> Exits:
        kind = "end" if block.ends else "throw"
        self.enter(graph, self.node(graph, block.id, kind, block=block, event=block.kind), exits)
        return [] if block.ends else [Exit(block.id)]

    def draw_send(self, graph: Graph, block: Send, exits: Exits) -> Exits:
        self.enter(graph, self.node(graph, block.id, "throw", block=block, event="message"), exits)
        return [Exit(block.id)]

    def draw_end(self, graph: Graph, block: End, exits: Exits) -> Exits:
        self.end(graph, block.id, "terminate" if block.terminate else "end", exits)
        return []

    def draw_race(self, graph: Graph, block: Race, exits: Exits) -> Exits:
        self.enter(graph, self.node(graph, block.id, "race", block=block), exits)
        after: Exits = []
        for name, hours, body in (("message", None, block.on_message), ("timer", block.hours, block.on_timer)):
            event = self.node(graph, f"{block.id}_{name}", "catch", block=block, hours=hours, event=name)
            self.flow(graph, Exit(block.id), event)
            after.extend(self.body(graph, body, [Exit(event.id)]))
        return after

    # ---- gateways

    def draw_choice(self, graph: Graph, block: Choice, exits: Exits) -> Exits:
        after = self.fork(graph, f"{block.id}_split", "exclusive", block.branches, exits)
        return self.merge(graph, f"{block.id}_merge", after) if block.explicit_merge and len(after) > 1 else after

    def draw_inclusive(self, graph: Graph, block: Inclusive, exits: Exits) -> Exits:
        after = self.fork(graph, f"{block.id}_split", "inclusive", block.branches, exits, gather=f"{block.id}_branch")
        join = self.node(graph, f"{block.id}_join", "inclusive")
        for exit in after:
            self.flow(graph, exit, join)
        return [Exit(join.id)]

    def draw_parallel(self, graph: Graph, block: Parallel, exits: Exits) -> Exits:
        branches = tuple((None, body) for body in block.branches)
        after = self.fork(graph, f"{block.id}_split", "parallel", branches, exits, gather=f"{block.id}_branch")
        join = self.node(graph, f"{block.id}_join", "parallel")
        for exit in after:
            self.flow(graph, exit, join)
        return [Exit(join.id)]

    def fork(
        self,
        graph: Graph,
        id: str,
        kind: str,
        branches: tuple[tuple[Condition | None, Body], ...],
        exits: Exits,
        gather: str | None = None,
    ) -> Exits:
        """Draw a split and its branches; with `gather`, the exits of one branch are merged into one."""
        self.enter(graph, self.node(graph, id, kind), exits)
        after: Exits = []
        for number, (condition, body) in enumerate(branches):
            default = kind != "parallel" and condition is None
            tail = self.body(graph, body, [Exit(id, condition, default)])
            if gather is not None and len(tail) > 1:
                tail = self.merge(graph, f"{gather}_{number}", tail)
            after.extend(tail)
        return after

    def draw_loop(self, graph: Graph, block: Loop, exits: Exits) -> Exits:
        (entry,) = self.merge(graph, f"{block.id}_entry", exits)
        tail = self.body(graph, block.body, [entry])
        split = self.node(graph, f"{block.id}_split", "exclusive")
        self.enter(graph, split, tail)
        self.flow(graph, Exit(split.id, block.again), graph.nodes[entry.source])
        return [Exit(split.id, default=True)]


def every(graph: Graph) -> Iterator[tuple[Graph, Node]]:
    """All nodes of a process with the level they stand on, sub-processes included."""
    for node in graph.nodes.values():
        yield graph, node
        if node.body is not None:
            yield from every(node.body)
