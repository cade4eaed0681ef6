"""One command at work on one case: evaluates, stores results, notes what happened. Lives for the command alone."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from itertools import count
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.errors import EngineError, StepFailed
from engine.workflow import expressions
from engine.workflow.advance import AsideCall, Breach, JsonValue, Met, Sent
from engine.workflow.case_data import CaseData, Context, Scope, plain
from engine.workflow.definition import Definition, Element
from engine.workflow.functions import PURE, SIGNATURES, text_of
from engine.workflow.world import ASIDE, OPERATION, PENDING, World

_CATCHING = ("boundaryEvent", "intermediateCatchEvent")
_PRODUCING = ("userTask", "serviceTask", "businessRuleTask", "callActivity")


class Running:
    """The script engine of a workflow, and what its special tasks call back (specs.py)."""

    def __init__(self, definition: Definition, world: World, data: CaseData, ids: "count[int]") -> None:
        self.definition, self.world, self.data, self.ids = definition, world, data, ids
        self.now = world.now.isoformat()
        self.task: Any = None  # at which the expression at hand is evaluated
        self.completed: set[str] = set()
        self.sent: list[Sent] = []
        self.aside: list[AsideCall] = []
        self.breaches: list[Breach] = []
        self.met: list[Met] = []
        self.flows: list[tuple[str, str, str]] = []
        self.rules: list[tuple[str, str]] = []
        self.fired: list[tuple[str, str]] = []

    # What SpiffWorkflow asks of a script engine

    def validate(self, expression: str) -> None:
        """Raise SyntaxError where text is no expression: the DMN engine then tries it as the right half of one."""
        try:
            expressions.compile(expression)
        except EngineError as error:
            raise SyntaxError(str(error)) from None

    def evaluate(self, task: Any, expression: str, external_context: Mapping[str, Any] | None = None) -> JsonValue:
        """Evaluate an expression with the data at `task`; a decimal comes out as text, as it is stored.

        Raises:
            StepFailed: It can't be evaluated; names the element.
        """
        return plain(self.value(task, expression, external_context))

    def value(self, task: Any, expression: str, external_context: Mapping[str, Any] | None = None) -> Any:
        """The same, with decimals as such."""
        before, self.task = self.task, task
        try:
            context = Context(self.scope(task), task.data, external_context)
            return expressions.compile(expression).evaluate(context, self.functions)
        except StepFailed:
            raise
        except EngineError as error:
            raise StepFailed(element=element_id(task), expression=expression, reason=str(error)) from error
        finally:
            self.task = before

    # What the special tasks of specs.py call

    def operate(self, task: Any, operation: str, parameters: Mapping[str, Mapping[str, str]]) -> JsonValue:
        arguments = {name: self.evaluate(task, parameter["value"]) for name, parameter in parameters.items()}
        result = self.world.call(f"{OPERATION}{operation}", **arguments)
        if result == PENDING:
            task.internal_data["call"] = {"operation": operation, "arguments": arguments}
        elif result == ASIDE:
            self.aside.append(self._aside(task, operation, arguments))
        else:
            self.store(task, result if isinstance(result, dict) else {"result": result})
        return result

    def _aside(self, task: Any, operation: str, arguments: Mapping[str, JsonValue]) -> AsideCall:
        scope, element = task.workflow.scope, task.task_spec.element
        known: dict[str, Any] = {"item": task.data["item"]} if "item" in task.data else {}
        for one in self.data.outwards(scope):
            known = {**one.data, **known}
        return AsideCall(
            scope=scope,
            element=element.id,
            process=element.process,
            operation=operation,
            arguments=arguments,
            known={name: plain(value) for name, value in known.items()},
        )

    def decide(self, task: Any, engine: Any) -> None:
        rules = engine.decide(task)
        collects = engine.decision_table.hit_policy == "COLLECT"
        outputs = rules[0].output_as_dict(task) if rules else {}
        if collects:
            outputs = {}
            for rule in rules:
                for name, value in rule.output_as_dict(task).items():
                    outputs.setdefault(name, []).append(value)
        self.rules += [(task.task_spec.decision, rule.id) for rule in (rules if collects else rules[:1])]
        self.store(task, outputs)

    def send(self, task: Any, message: str) -> None:
        element = task.task_spec.element
        payload = {
            name.removeprefix("payload."): self.evaluate(task, value)
            for name, value in element.properties.items()
            if name.startswith("payload.")
        }
        self.sent.append(Sent(message=message, key=self.correlation(task, element), payload=payload))

    def correlation(self, task: Any, element: Element) -> str:
        expression = element.properties.get("correlation")
        value = self.evaluate(task, expression) if expression else ""
        return "" if value is None else str(value)

    def enter_call(self, task: Any, subworkflow: Any) -> None:
        outer = task.workflow.scope
        element = task.task_spec.element
        fact = self.data.scopes[outer].fact(f"{element.id}()")
        fact.opened += 1
        subworkflow.scope = f"{outer}/{element.id}:{fact.opened}".lstrip("/")
        inputs = {
            name.removeprefix("input."): self.evaluate(task, value)
            for name, value in element.properties.items()
            if name.startswith("input.")
        }
        scope = Scope(process=subworkflow.spec.process_id, data={"input": inputs})
        self.data.scopes[subworkflow.scope] = scope
        starts = self.definition.processes[scope.process].starts
        keep_start(subworkflow, next((name for name, kind in starts.items() if kind == "none"), next(iter(starts))))

    def leave_call(self, task: Any, subworkflow: Any) -> None:
        inner = subworkflow.last_task
        if inner.task_spec.element is not None and "end_state" in inner.task_spec.element.properties:
            self.did_complete(inner)  # a terminate end leaves the call before the engine reports it
        outputs = {
            name.removeprefix("output."): self.evaluate(inner, value)
            for name, value in task.task_spec.element.properties.items()
            if name.startswith("output.")
        }
        outputs.setdefault("end_state", self.data.scopes[subworkflow.scope].end_state)
        self.store(task, outputs)
        self.data.drop(subworkflow.scope)

    # Data and facts

    def scope(self, task: Any) -> Scope:
        return self.data.scopes[task.workflow.scope]

    def store(self, task: Any, values: Mapping[str, Any], element: str | None = None) -> None:
        """Keep what an element produced under its id."""
        listed = "item" in task.data
        name = element or task.task_spec.element.id
        self.data.put(task.workflow.scope, name, values, item=task.data.get("item"), listed=listed)

    def open_list(self, task: Any) -> None:
        """Begin the lists of a multi-instance activity anew: a later round replaces the earlier one, an empty one too.

        Of a sub-process these are the lists of what is inside it.
        """
        spec, element = task.task_spec, task.task_spec.element
        data = self.scope(task).data
        if element.kind != "subProcess":
            data[element.id] = []
            return
        inner = self._subprocess(spec._wf_spec.task_specs[spec.task_spec].spec)
        data |= {each.id: [] for each in inner if each.kind in _PRODUCING or (each.kind in _CATCHING and each.message)}

    def _subprocess(self, name: str) -> Iterator[Element]:
        """The elements of an embedded sub-process, nested ones included."""
        for spec in self.definition.subprocess_specs[name].task_specs.values():
            if spec.element is not None:
                yield spec.element
                if spec.element.kind == "subProcess" and hasattr(spec, "spec"):
                    yield from self._subprocess(spec.spec)

    def note_done(self, task: Any, element: str | None = None) -> None:
        fact = self.scope(task).fact(element or task.task_spec.element.id)
        fact.done += 1
        fact.done_at = (self.world.typed_at or self.world.now).isoformat()
        fact.doer = self.world.actor

    def note_flow(self, task: Any) -> None:
        """Note over which sequence flow a token came to this task, and that the element was visited."""
        element = task.task_spec.element
        if element is None or task.internal_data.get("seen") or task.task_spec.name.endswith(" [child]"):
            return
        task.internal_data["seen"] = True
        self.data.visited.setdefault(element.process, set()).add(element.id)
        source = task.parent
        while source is not None and source.task_spec.element is None:
            source = source.parent
        if source is not None and element.kind != "boundaryEvent":
            self.flows.append((element.process, source.task_spec.element.id, element.id))

    def did_complete(self, task: Any) -> None:
        """Called after each task that the engine completed by itself."""
        element = task.task_spec.element
        if element is None:
            return
        self.note_flow(task)
        if "end_state" in element.properties and task.workflow.scope in self.data.scopes:
            self.scope(task).end_state = element.properties["end_state"]

    @cached_property
    def functions(self) -> dict[str, Callable[..., Any]]:
        """All functions that an expression may call here; made once one is evaluated."""

        def fact(element: str) -> Any:
            return self.scope(self.task).fact(element)

        def parameter(name: str) -> Any:
            return self.definition.processes[self.scope(self.task).process].parameters[name]

        case: dict[str, Callable[..., Any]] = {
            "now": lambda: text_of(self.world.now),
            "started_at": lambda: text_of(datetime.fromisoformat(self.data.started_at)),
            "this_case": lambda: self.world.case,
            "done_at": lambda element: fact(element).done_at,
            "rounds": lambda element: fact(element).done,
            "doer_of": lambda element: fact(element).doer,
            "initiator": lambda: self.data.initiator,
            "due_of": lambda deadline: self.data.due_of(self.task.workflow.scope, deadline),
            "breaches": lambda deadline=None: (
                self.data.breached.get(deadline, 0) if deadline else sum(self.data.breached.values())
            ),
            "parameter": parameter,
        }
        recorded = {name: self._recorded(name) for name in SIGNATURES if name not in PURE and name not in case}
        return {**PURE, **recorded, **case}

    def _recorded(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            return self.world.call(name, *map(plain, args), **{key: plain(value) for key, value in kwargs.items()})

        return call


def element_id(task: Any) -> str:
    element = task.task_spec.element
    return element.id if element is not None else str(task.task_spec.name)


def keep_start(workflow: Any, event: str) -> None:
    """Of several start events keep the one that happened."""
    for child in workflow.task_tree.children:
        if child.task_spec.name != event and child._state & TaskState.NOT_FINISHED_MASK:
            workflow._remove_task(child.id)
