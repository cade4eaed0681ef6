"""What the files of a procedure must satisfy before they may be deployed; one module a kind of rule.

`check` never raises: whatever a stranger's file holds, the answer is a tuple of problems.
"""

from engine.workflow.lint.inspection import check
from engine.workflow.lint.problem import Problem
from engine.workflow.lint.surroundings import Called, Operation, Surroundings

__all__ = ["Called", "Operation", "Problem", "Surroundings", "check"]
