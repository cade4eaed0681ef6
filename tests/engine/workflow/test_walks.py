"""Random walks over random diagrams: the engine does what an independent interpreter of the standard does.

RENOFLOW_WALKS sets how many; `python -m tests.walks` walks without pytest and prints counts.
"""

import os
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from engine.workflow import rules
from tests.walks.blocks import (
    Block,
    Boundary,
    Call,
    Choice,
    Condition,
    Loop,
    Multi,
    Parallel,
    Process,
    Raise,
    Source,
    Sub,
    Task,
    Term,
)
from tests.walks.walk import Difference, Walk

WALKS = int(os.environ.get("RENOFLOW_WALKS", "2000"))
CHUNK = 100
CONTROL = range(400)  # walks of the negative controls

A = Condition((Term("is", "task_1", "choice", "a"),))
TWO_A = Condition((Term("is", "task_2", "choice", "a"),))
TURN = Condition((Term("is", "task_5", "choice", "a"),))
ITEMS = Multi(sequential=False, literal=("x", "y", "z"))
WRONG = "error", "code_1"
LATE = Boundary("on_late", interrupting=True, hours=38, deadline=None, path=())
SOON = Boundary("on_soon", interrupting=False, hours=36, deadline=None, path=())
NEWS = Boundary("on_news", interrupting=False, hours=None, deadline=None, path=())
BOTH = Parallel("all_1", ((Task("task_3"),), (Task("task_4"),)))
MANY = replace(NEWS, path=(BOTH,))
NOW = replace(NEWS, path=(Task("each_1", (LATE,), ITEMS),), condition=A)
UNSET = Boundary("on_unset", False, 4, "T-01", (), after="task_2", met_when=A)
CAUGHT = Boundary("on_wrong", interrupting=True, hours=None, deadline=None, path=(), raised=WRONG)
RISKY = Task("task_2"), Choice("choose_1", ((TWO_A, (Raise("raise_1", *WRONG, ends=True),)), (None, ())), True)
TRIED = Sub("part_1", RISKY, (CAUGHT,))
FOUND: dict[str, Block] = {
    "an interrupting timer ends its task after another has fired": Task("task_2", (LATE, SOON)),
    "a message comes to a sub-process again and again": Sub("part_1", (Task("task_2"),), (NEWS,)),
    "a round without items empties the list": Loop(
        "turn_1", (Task("task_2"), Task("each_1", multi=Multi(False, source=Source("task_2", "several")))), TWO_A
    ),
    "a round of a multi-instance sub-process begins its lists anew": Loop(
        "turn_1",
        (Task("task_2"), Sub("part_1", (Task("task_3"),), (), Multi(False, source=Source("task_2", "several")))),
        TWO_A,
    ),
    "a cancelled call leaves no data": Call("call_1", Process("called_1", (Task("task_2"),)), boundaries=(LATE,)),
    "an interrupted multi-instance call ends its calls": Call(
        "call_1", Process("called_1", (Sub("part_1", (Task("task_2"),)),)), boundaries=(LATE,), multi=ITEMS
    ),
    "a call that ends in an error leaves no result": Call("call_1", Process("called_1", RISKY), boundaries=(CAUGHT,)),
    "an error in one of several calls ends them all": Call(
        "call_1", Process("called_1", RISKY), (), (), (CAUGHT,), ITEMS
    ),
    "an error reaches the activity around it alone": Call("call_1", Process("called_1", (TRIED,)), multi=ITEMS),
    "a flow to a join that still waits was walked": Parallel("all_1", ((Task("task_2"),), (Task("task_3"),), ())),
    "two tokens on one flow to a join are two": Sub("part_1", (Task("task_2"),), (MANY,)),
    "a deadline without its anchor is not met": Task("task_2", (UNSET,)),
    "an event that happens at once leads to several tasks": Task("task_2", (NOW,)),
}


@pytest.mark.parametrize("first", range(0, WALKS, CHUNK))
def test_the_engine_walks_as_the_standard_says(first: int) -> None:
    for number in range(first, min(first + CHUNK, WALKS)):
        Walk(number).run()


@pytest.mark.parametrize("block", FOUND.values(), ids=FOUND.keys())
def test_what_walks_have_found_stays_repaired(block: Block) -> None:
    process = Process("walk", (Task("task_1"), block))

    for number in range(60):
        Walk(number, process).run()


@pytest.mark.parametrize("rule", ["prune", "inclusive_rule"])
def test_without_a_rule_of_ours_the_same_walks_find_faults(rule: str, record_property: Any) -> None:
    found: Counter[str] = Counter()

    with rules.switched(**{rule: False}):
        for number in CONTROL:
            try:
                Walk(number).run()
            except Difference as difference:
                found[difference.what] += 1

    record_property(f"faults without {rule}", dict(found))
    assert found.total() > 0


def test_a_case_stays_small_and_alive_in_a_long_loop() -> None:
    body = Parallel("all_1", ((Task("task_2", (SOON,)),), (Task("task_3"), Task("task_4"))))
    process = Process("walk", (Task("task_1"), Loop("turn_1", (body, Task("task_5")), TURN)))
    walk, sizes = Walk(0, process), []
    walk.begin()

    for turn in range(400):
        order = ["task_3", "task_4"] if turn % 2 else ["task_3", "task_2", "task_4"]
        for element in [*([] if turn else ["task_1"]), *(["task_2"] if turn % 2 else []), *order, "task_5"]:
            (task,) = (one for one in walk.expected.tasks() if one.activity.node.id == element)
            walk.complete_with(task, {"choice": "a" if turn < 399 else "b", "number": turn % 10, "several": []})
        sizes.append(len(walk.step.state))

    assert walk.expected.ended
    assert max(sizes[:-1]) < 1.2 * sizes[5]


def test_a_walk_can_be_repeated_to_the_byte() -> None:
    walks = Walk(1), Walk(1)

    for walk in walks:
        walk.run()

    assert walks[0].deeds == walks[1].deeds
    assert walks[0].step.digest == walks[1].step.digest
    assert walks[0].step.state == walks[1].step.state
