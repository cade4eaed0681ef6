"""What is different from the version in force."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    kind: str


def compare(old_files: Mapping[str, bytes], new_files: Mapping[str, bytes]) -> tuple[Change, ...]:
    return ()
