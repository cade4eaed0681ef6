"""The family of errors: codes that differ, branches, and travel between processes."""

import pickle

import pytest

from engine import errors


def family(error: type[errors.EngineError]) -> list[type[errors.EngineError]]:
    return [error, *(descendant for child in error.__subclasses__() for descendant in family(child))]


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [error.code for error in family(errors.EngineError)]

    assert len(codes) == len(set(codes))
    assert all(area and fact for area, _, fact in (code.partition(".") for code in codes))


def test_every_error_is_a_usage_error_or_a_failure() -> None:
    for error in family(errors.EngineError)[1:]:
        assert issubclass(error, errors.UsageError) != issubclass(error, errors.Failure)


def test_the_docstring_is_the_default_message() -> None:
    error = errors.ConcurrentUpdate(task="9f")

    assert str(error) == "Somebody else has completed this task. (task='9f')"
    assert error.code == "task.already_completed"
    assert not error.retryable and errors.DatabaseBusy.retryable


@pytest.mark.parametrize(
    "error",
    [
        errors.NotFound(case="9f"),
        errors.FormRejected({"amount": ("field.required", {})}),
        errors.InvalidDiagram(["no end"]),
        errors.ExpressionError("1 +", 3, "expression.syntax"),
    ],
    ids=lambda error: error.code,
)
def test_an_error_survives_pickling(error: errors.EngineError) -> None:
    copy = pickle.loads(pickle.dumps(error))

    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)
