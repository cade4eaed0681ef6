"""The key that signs sessions: from the environment, else generated once and kept beside the database."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from engine.settings import Settings

FILE = "signing.key"


def signing_key(settings: Settings) -> str:
    """The installation's key; made on first use, readable by its owner alone."""
    if settings.secret_key:
        return settings.secret_key
    return kept(settings.var / FILE, lambda: secrets.token_urlsafe(48))


def kept(path: Path, make: Callable[[], str]) -> str:
    """What a file holds that only its owner may read; made where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _made(path, make())
    except FileExistsError:  # another process, or an earlier start
        return path.read_text(encoding="ascii")


def _made(path: Path, key: str) -> str:
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    try:
        os.link(partial, path)  # whole or not at all, and never over another's
    finally:
        partial.unlink()
    return key
