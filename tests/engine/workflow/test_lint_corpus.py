"""Diagrams that nobody here drew are answered with a list of problems: never an exception, never silence, soon."""

import time
from pathlib import Path

import pytest

from engine.workflow.lint import Surroundings, check

CORPUS = Path(__file__).parents[4] / "shared" / "corpora" / "miwg"
DIAGRAMS = sorted(CORPUS.glob("*.bpmn"))
LOUD = "the reference models of the BPMN Model Interchange Working Group are not beside this checkout: nothing tried"


def test_the_reference_models_are_there():
    if not DIAGRAMS:
        pytest.skip(LOUD)
    assert len(DIAGRAMS) == 21


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_a_reference_model_is_answered_with_problems_that_name_their_elements(path):
    started = time.process_time()

    problems = check({path.name: path.read_bytes()}, Surroundings(people={}), drawing=True, hints=True)

    assert time.process_time() - started < 1
    assert any(problem.severity == "error" for problem in problems)
    text = path.read_text("utf-8", "replace")
    shapes = [problem for problem in problems if problem.element is not None and problem.file == path.name]
    assert shapes
    assert all(f'"{problem.element}"' in text or f"'{problem.element}'" in text for problem in shapes)
