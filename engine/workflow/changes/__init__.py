"""What is different between two versions of a procedure, in sentences that its owner reads: `compare`.

It compares what the engine reads, not the XML: a diagram that was only laid out anew has one change, `layout`. Names
come before ids; what there are no words for is quoted as it stands.
"""

from collections.abc import Mapping

from engine.workflow.changes.change import Change, Sides
from engine.workflow.changes.data import decisions, files_alone, forms
from engine.workflow.changes.diagrams import diagrams
from engine.workflow.changes.settings import settings
from engine.workflow.lint.material import read_material
from engine.workflow.lint.surroundings import Surroundings
from engine.workflow.wording import Known

__all__ = ["Change", "compare"]


def compare(
    old_files: Mapping[str, bytes], new_files: Mapping[str, bytes], known: Known | None = None
) -> tuple[Change, ...]:
    """Say what changed between two sets of files named as for `lint.check`; files that can't be read say nothing.

    Args:
        known: What other procedures and groups are called; without it more is quoted as it stands.
    """
    old, new = (read_material(files, "", Surroundings()) for files in (old_files, new_files))
    sides = Sides.of(old, new, known)
    found = [*diagrams(sides), *settings(sides), *forms(sides), *decisions(sides)]
    told = {change.file for change in found}
    return (*found, *files_alone(sides, old_files, new_files, told))
