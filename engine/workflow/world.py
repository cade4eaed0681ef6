"""What a step may know of the world: the instant, who acts, and the answers of registered functions.

In a live command the functions are called and their answers kept in `reads`; in a replay the answers come from there,
so that a changed calendar or register changes no re-execution. A call that was not recorded is a finding, not a guess.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.canonical import canonical
from engine.errors import ReplayMismatch
from engine.workflow.advance import JsonValue

OPERATION = "operation:"  # before the name of an operation, which has effects and may be asked for twice
PENDING: JsonValue = {"pending": True}  # what an operation answers that is left to a job, for which the flow waits
ASIDE: JsonValue = {"aside": True}  # the same, where the flow goes on at once


@dataclass(kw_only=True)
class World:
    """The surroundings of one command.

    Attributes:
        case: The process instance's id, 32 hex digits.
        seq: The number of this command in the case's stream.
        now: The instant that is recorded for the command (of a timer: its due time), aware, UTC.
        actor: Principal key of who acts, or "system".
        typed_at: The instant that a form's `counts_as_done` field gave, else None.
        functions: Registered functions by name; operations as "operation:<name>".
        recorded: The reads of the command that is being replayed; None in a live command.
        reads: [name, positional arguments, keyword arguments, answer] of each call that was made, in order.
    """

    case: str
    seq: int
    now: datetime
    actor: str
    typed_at: datetime | None = None
    functions: Mapping[str, Callable[..., JsonValue]] = field(default_factory=dict)
    recorded: list[list[Any]] | None = None
    reads: list[list[Any]] = field(default_factory=list)
    _answers: dict[bytes, JsonValue] = field(default_factory=dict)

    @property
    def namespace(self) -> UUID:
        return UUID(hex=self.case)

    def call(self, name: str, *args: JsonValue, **kwargs: JsonValue) -> JsonValue:
        """Call a registered function: an operation each time, any other once per distinct arguments.

        Raises:
            ReplayMismatch: In a replay, when this call is not the next recorded one.
        """
        key = canonical([name, list(args), kwargs])
        if key in self._answers and not name.startswith(OPERATION):
            return self._answers[key]
        if self.recorded is None:
            answer = self.functions[name](*args, **kwargs)
        else:
            position = len(self.reads)
            expected = self.recorded[position] if position < len(self.recorded) else None
            if expected is None or canonical(expected[:3]) != key:
                raise ReplayMismatch(call=name, arguments=list(args), expected=expected[:3] if expected else None)
            answer = expected[3]
        self._answers[key] = answer
        self.reads.append([name, list(args), kwargs, answer])
        return answer
