"""SpiffWorkflow's task specs as we need them: joins that consume tokens, data beside the tree, operations, instants.

A task's data carries multi-instance items alone; everything else stands in `CaseData` (case_data.py), reached through
`task.workflow.top_workflow.step`, the `running.Running` of the command at hand.
"""

from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent as StockBoundaryEvent,
)
from SpiffWorkflow.bpmn.specs.defaults import (
    EndEvent as StockEndEvent,
)
from SpiffWorkflow.bpmn.specs.defaults import (
    InclusiveGateway as StockInclusiveGateway,
)
from SpiffWorkflow.bpmn.specs.defaults import (
    ParallelGateway as StockParallelGateway,
)
from SpiffWorkflow.bpmn.specs.event_definitions.conditional import ConditionalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import (
    ErrorEventDefinition,
    EscalationEventDefinition,
)
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimeDateEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import MultiInstanceTask
from SpiffWorkflow.spiff.specs import defaults as spiff
from SpiffWorkflow.util.task import TaskState

from engine.errors import StepFailed
from engine.workflow import rules
from engine.workflow.world import PENDING


def note_done(_workflow: Any, task: Any) -> None:
    """Note that an element is completed, before the engine updates what follows: its expressions may ask for it."""
    task.workflow.top_workflow.step.note_done(task)


class ConsumingJoin:
    """What parallel and inclusive joins share: arrivals are counted by input, and firing consumes them.

    Stock joins leave arrived tokens in the tree and count them again in the next turn of a loop.
    """

    name: str

    def _peers(self, task: Any) -> list[Any]:
        return [t for t in task.workflow.tasks.values() if t.task_spec is self and t is not task]

    def _arrived(self, task: Any) -> set[Any]:
        """The inputs that hold a token: arrivals wait as this task or as cancelled leaves."""
        tokens = [t for t in self._peers(task) if t._state in (TaskState.WAITING, TaskState.CANCELLED)]
        return {t.parent.task_spec for t in [*tokens, task] if t.parent._state == TaskState.COMPLETED}

    def _run_hook(self, task: Any) -> bool:
        """Consume one token of each input; a second one of the same input waits for its own turn."""
        consumed = {task.parent.task_spec}
        for peer in self._peers(task) if rules.switches().prune else ():
            if peer._state != TaskState.CANCELLED or peer._children:
                continue
            task.workflow.top_workflow.step.note_flow(peer)
            arrived, source = peer.parent._state == TaskState.COMPLETED, peer.parent.task_spec
            if arrived and source in consumed:
                peer._set_state(TaskState.WAITING)
                continue
            if arrived:
                consumed.add(source)
            task.workflow._remove_task(peer.id)
        return True


class ParallelGateway(ConsumingJoin, StockParallelGateway):  # type: ignore[misc]
    """Fires when each incoming flow holds a token (BPMN 2.0.2, 13.4.1)."""

    def _check_threshold_unstructured(self, task: Any) -> bool:
        if not rules.switches().prune:
            return bool(StockParallelGateway._check_threshold_unstructured(self, task))
        return len(self._arrived(task)) >= len(self._inputs)


class InclusiveGateway(ConsumingJoin, StockInclusiveGateway):  # type: ignore[misc]
    """Fires unless a token can still reach an empty input without passing a filled one (BPMN 2.0.2, 13.4.3)."""

    def _check_threshold_unstructured(self, task: Any) -> bool:
        if not rules.switches().inclusive_rule:
            return bool(StockInclusiveGateway._check_threshold_unstructured(self, task))
        arrived = {spec.name for spec in self._arrived(task)}
        for other in task.workflow.tasks.values():
            if other.task_spec is self or not rules.holds_token(other):
                continue
            if other._state == TaskState.WAITING and isinstance(other.task_spec, StockBoundaryEvent):
                continue
            reachable = self._reachable_inputs(other.task_spec)
            if reachable and not reachable & arrived:
                return False
        return True

    def _reachable_inputs(self, spec: Any) -> frozenset[str]:
        """Names of this join's inputs that a token at `spec` can reach without passing this join; memoised."""
        memo: dict[str, frozenset[str]] = self.__dict__.setdefault("_reach", {})
        if spec.name not in memo:
            seen, todo = {spec.name}, [spec]
            found: set[str] = set()
            while todo:
                current = todo.pop()
                if current.name in self._inputs:
                    found.add(current.name)
                for output in current.outputs:
                    if output is not self and output.name not in seen:
                        seen.add(output.name)
                        todo.append(output)
            memo[spec.name] = frozenset(found)
        return memo[spec.name]

    def _run_hook(self, task: Any) -> bool:
        ConsumingJoin._run_hook(self, task)
        matches, defaults = self._get_matching_outputs(task)
        if not matches and not defaults:
            raise StepFailed(element=self.name, expression="", reason="no condition holds and there is no default flow")
        task._sync_children(matches or defaults, TaskState.FUTURE)
        for child in task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True


def _utc(value: Any, task: Any) -> str:
    """An instant as UTC text, in which form instants compare as texts do."""
    try:
        instant = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        instant = None
    if instant is None or instant.tzinfo is None:
        raise StepFailed(element=task.task_spec.name, expression="", reason=f"an instant was expected, got {value!r}")
    return instant.astimezone(UTC).isoformat()


class InstantTimer(TimeDateEventDefinition):  # type: ignore[misc]
    """A timer whose expression gives an instant (ISO text) or None for never. It fires only when we say so."""

    def has_fired(self, task: Any) -> bool:
        if "event_value" not in task.internal_data:
            value = task.workflow.script_engine.evaluate(task, self.expression)
            task.internal_data["event_value"] = None if value is None else _utc(value, task)
        return bool(task.internal_data.get("timer_fired"))


class Condition(ConditionalEventDefinition):  # type: ignore[misc]
    """A condition on the case; the runner looks at it after each step, never in the middle of one."""

    def has_fired(self, task: Any) -> bool:
        return bool(task.internal_data.get("condition_held"))


class Message(MessageEventDefinition):  # type: ignore[misc]
    """A message by name and our own correlation key; sending leaves the case, catching is by the id of the wait."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)

    def throw(self, task: Any) -> None:
        task.workflow.top_workflow.step.send(task, self.name)

    def update_task_data(self, task: Any) -> None:
        """The payload stands in the case data, not in the task's."""


class _Raised:
    """What errors and escalations share: the innermost activity around that catches one gets it, and no other.

    Stock hands it to whatever waits for its code, in other branches and other calls too (BPMN 2.0.2, 10.5.7).
    """

    def throw(self, task: Any) -> None:
        raised, workflow = BpmnEvent(self), task.workflow
        top = workflow.top_workflow
        while workflow.parent_task_id is not None:
            owner = top.get_task_from_id(workflow.parent_task_id)
            host = owner.parent if isinstance(owner.parent.task_spec, MultiInstanceTask) else owner
            for event in host.parent.children if isinstance(host.parent.task_spec, BoundaryEventSplit) else ():
                if isinstance(event.task_spec, BoundaryEvent) and event.task_spec.catches(event, raised):
                    event.task_spec.catch(event, raised)
                    event.task_spec._update(event)
                    if event.task_spec.cancel_activity:
                        host.cancel()  # at once: what it would still do in this step must not happen
                    return
            workflow = owner.workflow


class Error(_Raised, ErrorEventDefinition):  # type: ignore[misc]
    """An error by its code."""


class Escalation(_Raised, EscalationEventDefinition):  # type: ignore[misc]
    """An escalation by its code."""


class BoundaryEvent(StockBoundaryEvent):  # type: ignore[misc]
    """A non-interrupting event other than a timer may happen again while its activity runs (BPMN 2.0.2, 10.5.4)."""

    def catch(self, task: Any, event: Any) -> None:
        super().catch(task, event)
        if not self.cancel_activity:
            again = task.parent._add_child(self, TaskState.WAITING)
            again.triggered = True
            again.task_spec._update(again)


class EndEvent(StockEndEvent):  # type: ignore[misc]
    """An end event; its `end_state` is noted on reaching it."""


class UserTask(spiff.UserTask):  # type: ignore[misc]
    """A task for a person."""


class ServiceTask(spiff.ServiceTask):  # type: ignore[misc]
    """An operation; it runs inside the command or, where it is pending, is left to a job (decision 0007)."""

    def _run_hook(self, task: Any) -> bool | None:
        result = task.workflow.top_workflow.step.operate(task, self.operation_name, self.operation_params)
        return None if result == PENDING else True


class BusinessRuleTask(spiff.BusinessRuleTask):  # type: ignore[misc]
    """A DMN decision; its outputs stand under the element's id (DMN 1.3, 8)."""

    def _run_hook(self, task: Any) -> bool:
        task.workflow.top_workflow.step.decide(task, self.dmnEngine)
        return True


class _Sub:
    """What embedded sub-processes and call activities share."""

    def _on_subworkflow_completed(self, subworkflow: Any, task: Any) -> None:
        """Go on, unless the activity was cancelled; stock would wake it up again."""
        if task._state != TaskState.CANCELLED and subworkflow.parent_task_id is not None:
            super()._on_subworkflow_completed(subworkflow, task)  # type: ignore[misc]


class SubProcess(_Sub, spiff.SubWorkflowTask):  # type: ignore[misc]
    """An embedded sub-process; it shares its parent's data."""

    def update_data(self, task: Any, subworkflow: Any) -> None:
        """Nothing to copy back: the data stands beside the tree."""


class CallActivity(_Sub, spiff.CallActivity):  # type: ignore[misc]
    """A called process with data of its own, fed by `input.*` and read by `output.*`."""

    def copy_data(self, task: Any, subworkflow: Any) -> None:
        task.workflow.top_workflow.step.enter_call(task, subworkflow)

    def update_data(self, task: Any, subworkflow: Any) -> None:
        task.workflow.top_workflow.step.leave_call(task, subworkflow)


class ForEach:
    """The collection of a multi-instance activity: evaluated once, when it opens, and then kept with it."""

    bpmn_id = "items"

    def __init__(self, expression: str) -> None:
        self.expression = expression

    def exists(self, task: Any) -> bool:
        return True

    def get(self, task: Any) -> list[Any]:
        if "items" not in task.internal_data:
            items = task.workflow.script_engine.evaluate(task, self.expression)
            if not isinstance(items, list) or len(items) > 200:
                raise StepFailed(
                    element=task.task_spec.name,
                    expression=self.expression,
                    reason="a list of at most 200 items was expected",
                )
            task.internal_data["items"] = items
            task.workflow.top_workflow.step.open_list(task)
        items = task.internal_data["items"]
        assert isinstance(items, list)
        return items


class Item:
    """The item of one instance, the only thing that a task's own data carries."""

    bpmn_id = "item"

    def exists(self, task: Any) -> bool:
        return False  # an inner multi-instance may hide the outer item

    def set(self, task: Any, value: Any) -> None:
        task.data["item"] = value


class _Instances:
    """Multi-instance without stock's merging of whole data copies."""

    def merge_child(self, workflow: Any, child: Any) -> None:
        task = child.parent
        task.internal_data["merged"] = []
        self.continue_after(task)

    def continue_after(self, task: Any) -> None:
        raise NotImplementedError

    def _on_cancel(self, task: Any) -> None:
        """End the sub-processes of the instances too; the library forgets them with the instances."""
        super()._on_cancel(task)  # type: ignore[misc]
        top = task.workflow.top_workflow
        known = {key for workflow in (top, *top.subprocesses.values()) for key in workflow.tasks}
        for key, orphan in list(top.subprocesses.items()):
            if key not in known and not orphan.completed:
                orphan.cancel()
                orphan.parent_task_id = None  # the library would look for it within this step


class ParallelInstances(_Instances, spiff.ParallelMultiInstanceTask):  # type: ignore[misc]
    """All instances at once; done when none is left open."""

    def continue_after(self, task: Any) -> None:
        if self.children_complete(task):
            task._set_state(TaskState.READY)


class SequentialInstances(_Instances, spiff.SequentialMultiInstanceTask):  # type: ignore[misc]
    """One instance after the other."""

    def continue_after(self, task: Any) -> None:
        if self.children_complete(task):
            task._set_state(TaskState.READY)
        else:
            self.add_next_child(task)
