"""Random block-structured diagrams as trees, from a seed and a size (the number of user tasks, about).

A tree says only what is meant; `graph` flattens it, `bpmn` draws it and `interpreter` plays it. Every user task has the
same three fields: `choice` (a, b or c), `number` (0 to 9) and `several` (some of a, b, c). The values c, 0 and [] leave
every loop.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

OPTIONS = ("a", "b", "c")
MAX_DEPTH = 5


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison: `kind` is is, at_least, has, any or turns (completed fewer than `value` times)."""

    kind: str
    element: str
    field: str
    value: str | int


@dataclass(frozen=True, slots=True)
class Condition:
    """All terms hold."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A value that is certain to be there when it is read."""

    element: str
    field: str
    many: bool = False  # of a multi-instance task: a list of such values


@dataclass(frozen=True, slots=True)
class Multi:
    """Multi-instance marker over a list of texts: a literal or a field."""

    sequential: bool
    literal: tuple[str, ...] | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Boundary:
    """A boundary event. A non-interrupting path runs to an end event, an interrupting one joins the main path."""

    id: str
    interrupting: bool
    hours: int | None  # None: a message
    deadline: str | None
    path: "Body"


@dataclass(frozen=True, slots=True)
class Task:
    id: str
    boundaries: tuple[Boundary, ...] = ()
    multi: Multi | None = None


@dataclass(frozen=True, slots=True)
class Sub:
    """An embedded sub-process."""

    id: str
    body: "Body"
    boundaries: tuple[Boundary, ...] = ()
    multi: Multi | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A call activity: `inputs` and `outputs` are (name, source) in the caller's and in the called process's data."""

    id: str
    process: "Process"
    inputs: tuple[tuple[str, Source], ...] = ()
    outputs: tuple[tuple[str, Source], ...] = ()
    boundaries: tuple[Boundary, ...] = ()
    multi: Multi | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Exclusive; the last branch is the default."""

    id: str
    branches: tuple[tuple[Condition | None, "Body"], ...]
    explicit_merge: bool


@dataclass(frozen=True, slots=True)
class Inclusive:
    """Inclusive split and join; the last branch is the default."""

    id: str
    branches: tuple[tuple[Condition | None, "Body"], ...]


@dataclass(frozen=True, slots=True)
class Parallel:
    id: str
    branches: tuple["Body", ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """The body once, then again as long as `again` holds."""

    id: str
    body: "Body"
    again: Condition


@dataclass(frozen=True, slots=True)
class Pause:
    """An intermediate catch event: a timer, or a message where `hours` is None."""

    id: str
    hours: int | None


@dataclass(frozen=True, slots=True)
class Race:
    """An event-based gateway with one message and one timer."""

    id: str
    hours: int
    on_message: "Body"
    on_timer: "Body"


@dataclass(frozen=True, slots=True)
class End:
    """An end event in the middle: the last of its branch."""

    id: str
    terminate: bool


Block: TypeAlias = Task | Sub | Call | Choice | Inclusive | Parallel | Loop | Pause | Race | End
Body: TypeAlias = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Process:
    name: str
    body: Body


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a block stands; `known` grows along a sequence."""

    known: tuple[Source, ...] = ()
    depth: int = 0
    may_end: bool = True  # no parallel or inclusive block around it in this process or sub-process
    may_terminate: bool = True  # top level of the case
    in_call: bool = False

    def inside(self, *, forks: bool = False) -> "Surroundings":
        return replace(self, depth=self.depth + 1, may_end=self.may_end and not forks)


@dataclass(slots=True)
class Generator:
    """Makes one tree; `weights` names the block kinds that may occur and how often."""

    rng: random.Random
    weights: dict[str, int]
    numbers: dict[str, int] = field(default_factory=dict)
    tasks: list[str] = field(default_factory=list)  # plain ones of the process at hand

    def name(self, stem: str) -> str:
        self.numbers[stem] = self.numbers.get(stem, 0) + 1
        return f"{stem}_{self.numbers[stem]}"

    def body(self, budget: int, where: Surroundings) -> tuple[Body, tuple[Source, ...]]:
        """A sequence of blocks with about `budget` user tasks (at least one), and what is known after it."""
        blocks: list[Block] = []
        known = where.known
        while budget > 0:
            share = self.rng.randint(1, budget)
            block, learnt = self.block(share, replace(where, known=known))
            blocks.append(block)
            known = known + learnt
            budget -= share
        return tuple(blocks), known[len(where.known) :]

    def block(self, budget: int, where: Surroundings) -> tuple[Block, tuple[Source, ...]]:
        kinds = ["task", "pause", "multi"] if budget == 1 or where.depth >= MAX_DEPTH else list(self.weights)
        if where.in_call:
            kinds = [kind for kind in kinds if kind != "call"]
        if not any(not source.many for source in where.known):
            kinds = [kind for kind in kinds if kind not in ("choice", "inclusive")]
        kind = self.rng.choices(kinds, [self.weights.get(kind, 0) for kind in kinds])[0]
        make = getattr(self, f"make_{kind}")
        block, learnt = make(budget, where)
        return block, learnt

    # ---- leaves

    def make_task(self, budget: int, where: Surroundings, *, bare: bool = False) -> tuple[Block, tuple[Source, ...]]:
        id = self.name("task")
        boundaries = () if bare else self.boundaries(where, 2)
        self.tasks.append(id)
        return Task(id, boundaries), self.learnt(id, boundaries)

    def make_multi(self, budget: int, where: Surroundings) -> tuple[Block, tuple[Source, ...]]:
        id = self.name("each")
        boundaries = self.boundaries(where, 1)
        return Task(id, boundaries, self.multi(where)), self.learnt(id, boundaries, many=True)

    def make_pause(self, budget: int, where: Surroundings) -> tuple[Block, tuple[Source, ...]]:
        hours = self.rng.choice((None, self.hours()))
        return Pause(self.name("pause"), hours), ()

    def learnt(self, id: str, boundaries: Sequence[Boundary], many: bool = False) -> tuple[Source, ...]:
        if any(boundary.interrupting for boundary in boundaries):
            return ()
        return tuple(Source(id, name, many) for name in ("choice", "number", "several"))

    def multi(self, where: Surroundings) -> Multi:
        lists = [source for source in where.known if source.field.endswith("several") and not source.many]
        sequential = self.rng.random() < 0.4
        if lists and self.rng.random() < 0.6:
            return Multi(sequential, source=self.rng.choice(lists))
        return Multi(sequential, literal=("x", "y", "z")[: self.rng.randint(1, 3)])

    def hours(self) -> int:
        return self.rng.randint(1, 72)

    def boundaries(self, where: Surroundings, most: int, *, messages: bool = False) -> tuple[Boundary, ...]:
        made: list[Boundary] = []
        while len(made) < most and self.rng.random() < 0.4:
            interrupting = self.rng.random() < 0.35
            message = messages and self.rng.random() < 0.3
            deadline = None
            if not interrupting and not message and self.rng.random() < 0.6:
                deadline = f"T-{self.name('T')[2:]:0>2}"
            path: Body = ()
            if where.depth < MAX_DEPTH and self.rng.random() < 0.5:
                path = (self.make_task(1, where.inside(), bare=self.rng.random() < 0.7)[0],)
            hours = None if message else self.hours()
            made.append(Boundary(self.name("on"), interrupting, hours, deadline, path))
        return tuple(made)

    # ---- conditions

    def condition(self, known: Sequence[Source], *, loop: bool = False) -> Condition:
        """Over certain values, or (not for a loop, whose end must be certain) a choice that may not be made yet."""
        if not loop and self.tasks and self.rng.random() < 0.3:
            return Condition((Term("is", self.rng.choice(self.tasks), "choice", self.rng.choice(OPTIONS)),))
        source = self.rng.choice([source for source in known if not source.many] if not loop else known)
        value = "a" if loop else self.rng.choice(OPTIONS)
        if source.many:
            return Condition((Term("any", source.element, "choice", value),))
        kinds = {"choice": "is", "number": "at_least", "several": "has"}
        kind = kinds.get(source.field.split("_")[-1], "is")
        terms = [Term(kind, source.element, source.field, self.rng.randint(4, 7) if kind == "at_least" else value)]
        if loop and source.element in self.tasks and self.rng.random() < 0.3:
            terms.append(Term("turns", source.element, "", self.rng.randint(2, 4)))
        return Condition(tuple(terms))

    # ---- compound blocks

    def make_choice(self, budget: int, where: Surroundings) -> tuple[Block, tuple[Source, ...]]:
        branches: list[tuple[Condition | None, Body]] = []
        shares = self.split(budget, 1, 3)
        for share in shares:
            body, _ = self.body(share, where.inside())
            branches.append((self.condition(where.known), body))
        if (where.may_end or where.may_terminate) and self.rng.random() < 0.25:
            terminate = where.may_terminate and (not where.may_end or self.rng.random() < 0.5)
            condition, body = branches.pop()
            branches.append((condition, (*body, End(self.name("end"), terminate))))
        rest: Body = () if self.rng.random() < 0.5 else self.body(1, where.inside())[0]
        branches.append((None, rest))
        return Choice(self.name("choose"), tuple(branches), self.rng.random() < 0.5), ()

    def make_inclusive(self, budget: int, where: Surroundings) -> tuple[Block, tuple[Source, ...]]:
        branches: list[tuple[Condition | None, Body]] = []
        for share in self.split(budget, 2, 3):
            body, _ = self.body(share, where.inside(forks=True))
            branches.append((self.condition(where.known), body))
        rest: Body = () if self.rng.random() < 0.5 else self.body(1, where.inside(forks=True))[0]
        branches.append((None, rest))
        return Inclusive(self.name("some"), tuple(branches)), ()

    def make_parallel(self, budget: int, where: Surroundings) -> tuple[Block, tuple[Source, ...]]:
        branches: list[Body] = []
        learnt: tuple[Source, ...] = ()
        for share in self.split(budget, 2, 3):
            body, more = self.body(share, where.inside(forks=True))
            branches.append(body)
            learnt += more
        if self.rng.random() < 0.15:
            branches.append(())
        return Parallel(self.name("all"), tuple(branches)), learnt

    def make_loop(self, budget: int, where: Surroundings) -> tuple[Block, tuple[Source, ...]]:
        body, learnt = self.body(budget, where.inside())
        if not learnt:
            decide, learnt = self.make_task(1, where, bare=True)
            body = (*body, decide)
        return Loop(self.name("turn"), body, self.condition(learnt, loop=True)), learnt

    def make_race(self, budget: int, where: Surroundings) -> tuple[Block, tuple[Source, ...]]:
        bodies = [self.body(share, where.inside())[0] for share in self.split(budget, 2, 2)]
        return Race(self.name("race"), self.hours(), bodies[0], () if self.rng.random() < 0.3 else bodies[1]), ()

    def make_sub(self, budget: int, where: Surroundings) -> tuple[Block, tuple[Source, ...]]:
        inside = replace(where.inside(), may_end=True, may_terminate=False)
        body, learnt = self.body(budget, inside)
        boundaries = self.boundaries(where, 2, messages=True)
        certain = not any(boundary.interrupting for boundary in boundaries) and not ends(body)
        return Sub(self.name("part"), body, boundaries), learnt if certain else ()

    def make_call(self, budget: int, where: Surroundings) -> tuple[Block, tuple[Source, ...]]:
        fields = [source for source in where.known if not source.many]
        picked = self.rng.sample(fields, min(len(fields), self.rng.randint(0, 2)))
        inputs = tuple((f"in_{n}_{source.field.split('_')[-1]}", source) for n, source in enumerate(picked))
        outer, self.tasks = self.tasks, []
        known = tuple(Source("input", name) for name, _ in inputs)
        inside = Surroundings(known, where.depth + 1, may_end=True, may_terminate=False, in_call=True)
        body, learnt = self.body(budget, inside)
        self.tasks = outer
        given = [source for source in learnt if not source.many and not ends(body)]
        outputs = tuple(
            (f"out_{n}_{source.field.split('_')[-1]}", source)
            for n, source in enumerate(self.rng.sample(given, min(len(given), self.rng.randint(0, 2))))
        )
        id = self.name("call")
        boundaries = self.boundaries(where, 1)
        certain = not any(boundary.interrupting for boundary in boundaries)
        after = tuple(Source(id, name) for name, _ in outputs) if certain else ()
        return Call(id, Process(self.name("called"), body), inputs, outputs, boundaries), after

    def split(self, budget: int, least: int, most: int) -> list[int]:
        count = max(least, min(budget, self.rng.randint(least, most)))
        shares = [1] * count
        for _ in range(budget - count):
            shares[self.rng.randrange(count)] += 1
        return shares


def ends(body: Body) -> bool:
    """Whether an end event in the middle may cut this body short."""
    for block in body:
        if isinstance(block, End):
            return True
        if isinstance(block, Choice | Inclusive) and any(ends(branch) for _, branch in block.branches):
            return True
        if isinstance(block, Parallel) and any(map(ends, block.branches)):
            return True
        if isinstance(block, Loop) and ends(block.body):
            return True
        if isinstance(block, Race) and (ends(block.on_message) or ends(block.on_timer)):
            return True
    return False


WEIGHTS = {
    "task": 6, "multi": 3, "pause": 1, "choice": 4, "inclusive": 4,
    "parallel": 5, "loop": 6, "race": 1, "sub": 4, "call": 3,
}  # fmt: skip


def generate(seed: int, size: int, weights: dict[str, int] = WEIGHTS) -> Process:
    """The same seed, size and weights give the same tree; its first block is always a plain user task."""
    generator = Generator(random.Random(f"diagram:{seed}:{size}"), weights)
    first, learnt = generator.make_task(1, Surroundings(), bare=True)
    body, _ = generator.body(size, Surroundings(known=learnt))
    return Process("walk", (first, *body))
