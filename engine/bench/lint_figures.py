"""How long a draft's owner waits for the problems: the lint of the largest procedure, its drawing with it."""

from pathlib import Path
from statistics import median
from time import process_time

from engine.bench.store_figures import Figure
from engine.service_tasks import registry
from engine.workflow.lint import Operation, Surroundings, check
from engine.workflow.lint.folder import diagrams_of, files_of, procedure_folders

LIMIT_MS = 100


def lint(data: Path, turns: int) -> list[Figure]:
    """Check the procedure with the most elements, changed a little each time, as the editor has it done."""
    folders = procedure_folders(data / "processes")
    if not folders:
        return []
    largest = max(folders, key=lambda folder: sum(len(diagram.nodes) for diagram in diagrams_of(folder)))
    registry.load()
    operations = {name: Operation(one.parameters, one.results) for name, one in registry.OPERATIONS.items()}
    surroundings = Surroundings(operations=operations, groups=None)
    files = files_of(largest, data / "forms", calls=True)
    diagram = f"{largest.name}.bpmn"
    check(files, surroundings)
    taken = []
    for turn in range(turns):
        drawn = files | {diagram: files[diagram] + b"\n" * (turn + 1)}
        began = process_time()
        check(drawn, surroundings, drawing=True, hints=True, called=False)
        taken.append((process_time() - began) * 1000)
    beside = f"{largest.name}, {len(files)} files"
    return [Figure("流程检查 lint of the largest procedure", median(taken), "ms", LIMIT_MS, beside)]
