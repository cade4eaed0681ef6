"""Where the contents of files lie: under `var/files`, each under the SHA-256 of what is in it."""

import hashlib
import os
import tempfile
from pathlib import Path

from engine.settings import Settings


def path_of(settings: Settings, digest: str) -> Path:
    """Where the content with a digest (64 hex digits) lies."""
    return settings.var / "files" / digest[:2] / digest


def folder(settings: Settings) -> Path:
    """The folder of all files; what is being written lies beside the others until it is whole."""
    found = settings.var / "files"
    found.mkdir(parents=True, exist_ok=True)
    return found


def place(settings: Settings, partial: str, digest: str) -> None:
    """Put a file that is whole where its content belongs."""
    path = path_of(settings, digest)
    path.parent.mkdir(exist_ok=True)
    os.replace(partial, path)


def keep(settings: Settings, content: bytes) -> str:
    """Keep a content, once however often it is kept; gives its digest."""
    digest = hashlib.sha256(content).hexdigest()
    if not path_of(settings, digest).is_file():
        descriptor, partial = tempfile.mkstemp(dir=folder(settings), prefix="made-")
        with os.fdopen(descriptor, "wb") as target:
            target.write(content)
        place(settings, partial, digest)
    return digest
