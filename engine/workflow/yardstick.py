"""The library alone, as `renoflow bench` compares us with it: stock specs, stock serializer, none of our rules.

A program of its own (`python -m engine.workflow.yardstick`), because `rules.py` patches the library of its process. It
reads the diagram from standard input and prints CPU milliseconds per completion: load, complete, save.
"""

import sys
from time import process_time

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.util.task import TaskState


def measure(diagram: bytes, process: str, rounds: int) -> float:
    """Complete each user task of a case in turn, `rounds` cases long."""
    parser = SpiffBpmnParser()
    parser.add_bpmn_xml(etree.fromstring(diagram))
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(SPIFF_CONFIG))
    workflow = BpmnWorkflow(parser.get_spec(process))
    workflow.do_engine_steps()
    first = serializer.serialize_json(workflow)
    spent, done = 0.0, 0
    for _ in range(rounds):
        state: str | None = first
        while state is not None:
            began = process_time()
            state = _complete_one(serializer, state)
            spent += process_time() - began
            done += 1
    return spent * 1000 / done


def _complete_one(serializer: BpmnWorkflowSerializer, state: str) -> str | None:
    workflow = serializer.deserialize_json(state)
    [task] = workflow.get_tasks(state=TaskState.READY, manual=True)
    task.data[task.task_spec.name] = {"amount": 3, "note": "已经联系客户"}
    task.run()
    workflow.do_engine_steps()
    saved: str = serializer.serialize_json(workflow)
    return None if workflow.completed else saved


if __name__ == "__main__":
    print(measure(sys.stdin.buffer.read(), sys.argv[1], int(sys.argv[2])))
