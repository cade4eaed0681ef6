"""Says in the words of people what a diagram says in expressions: deadlines, conditions, who does a step.

`Names` knows what things are called, `Writer` says an expression with them in one language. What it has no words for
raises `Unsayable`; whoever asks decides whether the expression itself is shown.
"""

from engine.workflow.wording.names import Known, Label, Names, Pair
from engine.workflow.wording.writer import Length, Unsayable, Writer

__all__ = ["Known", "Label", "Length", "Names", "Pair", "Unsayable", "Writer"]
