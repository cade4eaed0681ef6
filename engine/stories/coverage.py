"""Which sequence flows, timers and decision rules the stories have walked, by diagram."""

from collections import defaultdict
from dataclasses import dataclass, field

from engine.workflow.advance import Step
from engine.workflow.definition import Definition


@dataclass
class Share:
    """Of one kind of thing in one diagram: what there is, and what was walked."""

    all: set[str] = field(default_factory=set)
    walked: set[str] = field(default_factory=set)

    @property
    def missing(self) -> list[str]:
        return sorted(self.all - self.walked)

    @property
    def percent(self) -> int:
        return 100 * len(self.all & self.walked) // len(self.all) if self.all else 100


@dataclass
class Coverage:
    """Collects the steps of all stories; `rows[diagram][kind]`, kinds: flows, timers, rules."""

    rows: dict[str, dict[str, Share]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Share)))
    _known: set[int] = field(default_factory=set)

    def observe(self, definition: Definition, step: Step) -> None:
        """Called by the runner with each step."""
        if id(definition) not in self._known:
            self._known.add(id(definition))
            self._count(definition)
        procedures = {name: process.procedure for name, process in definition.processes.items()}
        for process, source, target in step.flows:
            self.rows[procedures[process]]["flows"].walked.add(f"{source} → {target}")
        for process, timer in step.fired:
            self.rows[procedures[process]]["timers"].walked.add(timer)
        for decision, rule in step.rules:
            self.rows[decision]["rules"].walked.add(rule)

    def _count(self, definition: Definition) -> None:
        procedures = {name: process.procedure for name, process in definition.processes.items()}
        for process, source, target in definition.flows:
            self.rows[procedures[process]]["flows"].all.add(f"{source} → {target}")
        for element in definition.elements.values():
            if element.event == "timer" and element.kind != "startEvent":
                self.rows[procedures[element.process]]["timers"].all.add(element.id)
        for decision, rules in definition.decisions.items():
            self.rows[decision]["rules"].all.update(rules)

    def complete(self, diagrams: set[str] | None = None) -> bool:
        chosen = self.rows if diagrams is None else {name: self.rows[name] for name in diagrams & self.rows.keys()}
        return all(not share.missing for kinds in chosen.values() for share in kinds.values())
