"""Our own files: everything under the root but what is installed, built or generated."""

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOT_OURS = {"node_modules", "var", "dist", "build", "__pycache__", "_shipped"}


def own_files(*suffixes: str) -> Iterator[Path]:
    """Yield files with one of these suffixes (all, if none is given)."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_OURS and (not name.startswith(".") or name == ".ci")]
        for name in names:
            path = Path(folder, name)
            if not suffixes or path.suffix in suffixes:
                yield path
