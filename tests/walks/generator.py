"""Makes up a tree from a seed and a size (the number of user tasks, about).

The values c, 0 and [] leave every loop. What a condition reads is certain to be there, unless it reads a choice.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tests.walks.blocks import (
    OPTIONS,
    Block,
    Body,
    Boundary,
    Call,
    Choice,
    Condition,
    End,
    Inclusive,
    Loop,
    Multi,
    Parallel,
    Pause,
    Process,
    Race,
    Raise,
    Send,
    Service,
    Source,
    Sub,
    Task,
    Term,
)

MAX_DEPTH = 5
SIGNALS = ("signal_1", "signal_2")
WEIGHTS = {
    "task": 6, "multi": 3, "pause": 1, "choice": 4, "inclusive": 4,
    "parallel": 5, "loop": 6, "race": 1, "sub": 4, "call": 3, "raise": 1, "service": 2, "send": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a block stands; `known` grows along a sequence."""

    known: tuple[Source, ...] = ()
    depth: int = 0
    may_end: bool = True  # no parallel or inclusive block around it in this process or sub-process
    may_terminate: bool = True  # top level of the case
    in_call: bool = False
    in_items: bool = False  # inside a multi-instance sub-process: its data are lists outside, entries inside
    codes: tuple[tuple[str, str], ...] = ()  # errors and escalations that something around it catches

    def inside(self, *, forks: bool = False) -> "Surroundings":
        return replace(self, depth=self.depth + 1, may_end=self.may_end and not forks)


@dataclass(slots=True)
class Generator:
    """Makes one tree; `weights` names the block kinds that may occur and how often."""

    rng: random.Random
    weights: dict[str, int]
    numbers: dict[str, int] = field(default_factory=dict)
    soft: set[tuple[str, str]] = field(default_factory=set)  # escalations that interrupt nothing
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
            if isinstance(block, Task) and not block.boundaries and self.rng.random() < 0.08:
                blocks.append(Raise(self.name("raise"), "signal", self.rng.choice(SIGNALS), ends=False))
            known = known + learnt
            budget -= share
        return tuple(blocks), known[len(where.known) :]

    def block(self, budget: int, where: Surroundings) -> tuple[Block, tuple[Source, ...]]:
        small = budget == 1 or where.depth >= MAX_DEPTH
        kinds = ["task", "pause", "multi", "raise", "service", "send"] if small else list(self.weights)
        without = {"call"} if where.in_call else set()
        without |= {"multi", "call"} if where.in_items else set()
        without |= set() if where.codes else {"raise"}
        if all(source.many for source in where.known):
            without |= {"choice", "inclusive", "service", "send"}
        kinds = [kind for kind in kinds if kind not in without]
        kind = self.rng.choices(kinds, [self.weights.get(kind, 0) for kind in kinds])[0]
        make = getattr(self, f"make_{kind}")
        block, learnt = make(budget, where)
        return block, learnt

    # ---- leaves

    def make_task(self, budget: int, where: Surroundings, *, bare: bool = False) -> tuple[Block, tuple[Source, ...]]:
        id = self.name("task")
        boundaries = () if bare else self.boundaries(where, 2, may="signal")
        self.tasks.append(id)
        return Task(id, boundaries), self.learnt(id, boundaries)

    def make_multi(self, budget: int, where: Surroundings) -> tuple[Block, tuple[Source, ...]]:
        id = self.name("each")
        boundaries = self.boundaries(where, 1, may="signal")
        return Task(id, boundaries, self.multi(where)), self.learnt(id, boundaries, many=True)

    def make_service(self, budget: int, where: Surroundings) -> tuple[Block, tuple[Source, ...]]:
        id, later = self.name("service"), self.rng.random() < 0.6
        boundaries = self.boundaries(where, 1) if later else ()
        return Service(id, later, self.plain(where), boundaries), self.learnt(id, boundaries)

    def make_send(self, budget: int, where: Surroundings) -> tuple[Block, tuple[Source, ...]]:
        return Send(self.name("send"), self.plain(where)), ()

    def plain(self, where: Surroundings) -> Source:
        """Some value that is no list where it can be had."""
        plain = [source for source in where.known if not source.many]
        return self.rng.choice([source for source in plain if not source.field.endswith("several")] or plain)

    def make_raise(self, budget: int, where: Surroundings) -> tuple[Block, tuple[Source, ...]]:
        """An escalation that does not end its branch; else a task, as an error does."""
        escalations = [code for kind, code in where.codes if (kind, code) in self.soft]
        if not escalations:
            return self.make_task(budget, where)
        return Raise(self.name("raise"), "escalation", self.rng.choice(escalations), ends=False), ()

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

    def boundaries(
        self, where: Surroundings, most: int, raised: tuple[tuple[str, str], ...] = (), *, may: str = ""
    ) -> tuple[Boundary, ...]:
        made = [self.boundary(where, raised=one) for one in raised]
        while len(made) < most and self.rng.random() < 0.4:
            made.append(self.boundary(where, may))
        return tuple(made)

    def boundary(self, where: Surroundings, may: str = "", raised: tuple[str, str] | None = None) -> Boundary:
        """One event; `may` names a kind that this activity waits for besides timers and conditions."""
        id, sometimes = self.name("on"), self.rng.random() < 0.3
        interrupting = raised not in self.soft if raised is not None else self.rng.random() < 0.35
        path = self.path(where, interrupting)
        if raised is not None:
            return Boundary(id, interrupting, None, None, path, raised=raised)
        if may == "signal" and sometimes:
            return Boundary(id, interrupting, None, None, path, raised=("signal", self.rng.choice(SIGNALS)))
        if may == "message" and sometimes:
            return Boundary(id, interrupting, None, None, path)
        if not interrupting and self.tasks and self.rng.random() < 0.15:
            return Boundary(id, False, None, None, path, condition=self.maybe())
        after = self.rng.choice(self.tasks) if self.tasks and self.rng.random() < 0.2 else None
        if interrupting or self.rng.random() < 0.4:
            return Boundary(id, interrupting, self.hours(), None, path, after)
        met_when = self.maybe() if self.tasks and self.rng.random() < 0.2 else None
        return Boundary(id, False, self.hours(), f"T-{self.name('T')[2:]:0>2}", path, after, met_when)

    def path(self, where: Surroundings, interrupting: bool) -> Body:
        """What a boundary event leads to: mostly nothing or a task, sometimes more."""
        luck = self.rng.random()
        if luck < 0.5 or where.depth >= MAX_DEPTH:
            return ()
        if luck < 0.9:
            return (self.make_task(1, where.inside(), bare=self.rng.random() < 0.7)[0],)
        inside = where.inside() if interrupting else replace(where.inside(), may_end=True)
        return self.body(self.rng.randint(1, 3), inside)[0]

    # ---- conditions

    def maybe(self) -> Condition:
        """A choice that may not be made yet, or the breaches so far."""
        if self.rng.random() < 0.2:
            return Condition((Term("breaches", "", "", self.rng.randint(1, 2)),))
        return Condition((Term("is", self.rng.choice(self.tasks), "choice", self.rng.choice(OPTIONS)),))

    def condition(self, known: Sequence[Source], *, loop: bool = False) -> Condition:
        """Over certain values, or (not for a loop, whose end must be certain) a choice that may not be made yet."""
        if not loop and self.tasks and self.rng.random() < 0.3:
            return self.maybe()
        source = self.rng.choice([source for source in known if not source.many] if not loop else known)
        value = "a" if loop else self.rng.choice(OPTIONS)
        if source.many:
            return Condition(
                (Term("any", source.element, source.field, 9 if source.field.endswith("number") else value),)
            )
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
        elif where.codes and self.rng.random() < 0.5:
            condition, body = branches.pop()
            kind, code = self.rng.choice(where.codes)
            ends = where.may_end or (kind, code) not in self.soft
            branches.append((condition, (*body, Raise(self.name("raise"), kind, code, ends))))
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
        telling = [source for source in learnt if not (source.many and source.field.endswith("several"))]
        if not telling:
            decide, more = self.make_task(1, where, bare=True)
            body, learnt, telling = (*body, decide), learnt + more, list(more)
        return Loop(self.name("turn"), body, self.condition(telling, loop=True)), learnt

    def make_race(self, budget: int, where: Surroundings) -> tuple[Block, tuple[Source, ...]]:
        bodies = [self.body(share, where.inside())[0] for share in self.split(budget, 2, 2)]
        return Race(self.name("race"), self.hours(), bodies[0], () if self.rng.random() < 0.3 else bodies[1]), ()

    def make_sub(self, budget: int, where: Surroundings) -> tuple[Block, tuple[Source, ...]]:
        multi = None if where.in_items or self.rng.random() < 0.8 else self.multi(where)
        raised = self.codes()
        inside = replace(where.inside(), may_end=True, may_terminate=False, codes=where.codes + raised)
        if multi is not None:
            known = tuple(source for source in where.known if not source.many)
            inside = replace(inside, in_items=True, known=known)
        outer = list(self.tasks)
        body, learnt = self.body(budget, inside)
        if multi is not None:
            self.tasks, learnt = outer, tuple(replace(source, many=True) for source in learnt)
        boundaries = self.boundaries(where, 2, raised, may="message")
        certain = not any(boundary.interrupting for boundary in boundaries) and not ends(body)
        return Sub(self.name("part"), body, boundaries, multi), learnt if certain else ()

    def codes(self) -> tuple[tuple[str, str], ...]:
        """What an activity catches of what is raised inside it."""
        if self.rng.random() < 0.7:
            return ()
        raised = self.rng.choice(("error", "escalation")), self.name("code")
        if raised[0] == "escalation" and self.rng.random() < 0.6:
            self.soft.add(raised)
        return (raised,)

    def make_call(self, budget: int, where: Surroundings) -> tuple[Block, tuple[Source, ...]]:
        multi = None if self.rng.random() < 0.8 else self.multi(where)
        raised = self.codes()
        inputs = self.mapping("in", where.known)
        outer, self.tasks = self.tasks, []
        known = tuple(Source("input", name) for name, _ in inputs)
        inside = Surroundings(known, where.depth + 1, may_terminate=False, in_call=True, codes=raised)
        body, learnt = self.body(budget, inside)
        self.tasks = outer
        outputs = () if ends(body) else self.mapping("out", learnt)
        id = self.name("call")
        boundaries = self.boundaries(where, 1, raised)
        certain = not any(boundary.interrupting for boundary in boundaries)
        after = tuple(Source(id, name, multi is not None) for name, _ in outputs) if certain else ()
        return Call(id, Process(self.name("called"), body), inputs, outputs, boundaries, multi), after

    def mapping(self, stem: str, sources: Sequence[Source]) -> tuple[tuple[str, Source], ...]:
        fields = [source for source in sources if not source.many]
        picked = self.rng.sample(fields, min(len(fields), self.rng.randint(0, 2)))
        return tuple((f"{stem}_{n}_{source.field.split('_')[-1]}", source) for n, source in enumerate(picked))

    def split(self, budget: int, least: int, most: int) -> list[int]:
        count = max(least, min(budget, self.rng.randint(least, most)))
        shares = [1] * count
        for _ in range(budget - count):
            shares[self.rng.randrange(count)] += 1
        return shares


def ends(body: Body) -> bool:
    """Whether an end event in the middle may cut this body short."""
    for block in body:
        if isinstance(block, End) or (isinstance(block, Raise) and block.ends):
            return True
        if isinstance(block, Task | Service | Sub | Call) and any(
            one.interrupting and ends(one.path) for one in block.boundaries
        ):
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


def generate(seed: int, size: int, weights: dict[str, int] = WEIGHTS) -> Process:
    """The same seed, size and weights give the same tree; its first block is always a plain user task."""
    generator = Generator(random.Random(f"diagram:{seed}:{size}"), weights)
    first, learnt = generator.make_task(1, Surroundings(), bare=True)
    body, _ = generator.body(size, Surroundings(known=learnt))
    return Process("walk", (first, *body))
