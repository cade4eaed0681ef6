"""What a case knows besides its tokens: process data once per scope, facts about elements, deadlines, end states.

It stands beside SpiffWorkflow's tree, because data carried by tokens is lost at every join (decision 0010).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.workflow.advance import JsonValue


def plain(value: Any) -> JsonValue:
    """Bring a value into the form that is stored: decimals as text, tuples as lists, keys in order."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return {str(key): plain(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value  # type: ignore[no-any-return]


@dataclass(slots=True)
class Fact:
    """How often an element was opened and completed in a scope, and the last completion."""

    opened: int = 0
    done: int = 0
    done_at: str | None = None
    doer: str | None = None


@dataclass(slots=True)
class Scope:
    """The data of one process: the case's own, or of one call of a call activity."""

    process: str
    data: dict[str, Any] = field(default_factory=dict)  # element id → values, or a list of them
    facts: dict[str, Fact] = field(default_factory=dict)
    dues: dict[str, str] = field(default_factory=dict)  # deadline id → instant, as last set
    end_state: str | None = None

    def fact(self, element: str) -> Fact:
        return self.facts.setdefault(element, Fact())


@dataclass(slots=True)
class CaseData:
    started_at: str = ""
    initiator: str = ""
    scopes: dict[str, Scope] = field(default_factory=dict)
    breached: dict[str, int] = field(default_factory=dict)  # deadline id → number
    visited: dict[str, set[str]] = field(default_factory=dict)  # process id → element ids

    def put(
        self, scope: str, element: str, values: Mapping[str, Any], *, item: Any = None, listed: bool = False
    ) -> None:
        """Store what an element produced; within a multi-instance one entry an item."""
        data = self.scopes[scope].data
        kept = plain(values)
        assert isinstance(kept, dict)
        if not listed:
            data[element] = kept
            return
        entries = data.get(element)
        others = [e for e in entries if e.get("item") != plain(item)] if isinstance(entries, list) else []
        data[element] = [*others, plain({**kept, "item": item})]

    def outwards(self, scope: str) -> Iterator[Scope]:
        """The scope itself, then that of its caller, and so on."""
        while True:
            if scope in self.scopes:
                yield self.scopes[scope]
            if not scope:
                return
            scope = scope.rpartition("/")[0]

    def due_of(self, scope: str, deadline: str) -> str | None:
        return next((s.dues[deadline] for s in self.outwards(scope) if deadline in s.dues), None)

    def drop(self, scope: str) -> None:
        """Forget a call's data; what the caller wants of it was read on leaving."""
        for name in [n for n in self.scopes if n == scope or n.startswith(f"{scope}/")]:
            del self.scopes[name]

    def keep(self, scopes: set[str]) -> None:
        """Forget the data of calls that were cancelled: all but these scopes."""
        self.scopes = {name: scope for name, scope in self.scopes.items() if name in scopes}


class Context(Mapping[str, Any]):
    """The names an expression sees at one place: element ids, `input`, and `item` inside a multi-instance."""

    def __init__(self, scope: Scope, task_data: Mapping[str, Any], extra: Mapping[str, Any] | None = None) -> None:
        self._scope, self._task, self._extra = scope, task_data, extra or {}

    def __getitem__(self, name: str) -> Any:
        if name in self._extra:
            return self._extra[name]
        if name == "item":
            return self._task["item"]
        value = self._scope.data.get(name, {})
        if isinstance(value, list) and "item" in self._task:
            wanted = plain(self._task["item"])
            return next((entry for entry in reversed(value) if entry.get("item") == wanted), {})
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._scope.data)

    def __len__(self) -> int:
        return len(self._scope.data)
