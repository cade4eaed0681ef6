"""Sets a template with its data: source and JSON in, PDF out. The work is done by a child process (typesetter).

The child is started with the first paper and kept, since typst remembers fonts and layout: 0.1 s for the first paper of
a process, 3 to 10 ms for any other, 80 MB however many. It is ended and begun anew where a template takes too long or
breaks it.
"""

import atexit
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any

from engine.errors import PaperFailed

SECONDS = 10.0
LARGEST_BYTES = 20 * 1024 * 1024
NOWHERE = "http://127.0.0.1:9"  # a template may name a package of the network; its loader finds nobody there
_TITLE = re.compile(rb"<dc:title><rdf:Alt><rdf:li[^>]*>(.*?)</rdf:li>", re.DOTALL)


@dataclass(frozen=True)
class Paper:
    """A paper as it was set; `title` is the document's own, "" where the template gives none."""

    content: bytes
    title: str


class Press:
    """One child process and whoever waits for it; one paper at a time."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def pdf(self, source: str, data: Mapping[str, Any], at: datetime) -> Paper:
        """Set a paper; the same source, data and instant give the same bytes.

        Raises:
            PaperFailed: `reason` says what typst did not understand, or which limit was reached.
        """
        order = {"source": source, "data": data, "timestamp": int(at.timestamp()), "format": "pdf"}
        (content,) = self._set(order)
        found = _TITLE.search(content)
        return Paper(content, unescape(found[1].decode()) if found else "")

    def pictures(self, source: str, data: Mapping[str, Any], at: datetime, ppi: float = 100) -> list[bytes]:
        """The pages as PNG, to look at.

        Raises:
            PaperFailed: As `pdf`.
        """
        order = {"source": source, "data": data, "timestamp": int(at.timestamp()), "format": "png", "ppi": ppi}
        return self._set(order)

    def close(self) -> None:
        """End the child; the next paper begins a new one."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.communicate()

    def _set(self, order: Mapping[str, Any]) -> list[bytes]:
        with self._lock:
            child = self._running()
            late = threading.Event()
            watch = threading.Timer(self._seconds, _stop, (child, late))
            watch.start()
            try:
                reply, pages = _exchange(child, order)
            except (OSError, EOFError):
                self.close()
                reason = (
                    f"took more than {self._seconds:g} s" if late.is_set() else "took too much memory, or broke typst"
                )
                raise PaperFailed(reason=reason) from None
            finally:
                watch.cancel()
        if "error" in reply:
            raise PaperFailed(reason=reply["error"])
        if sum(map(len, pages)) > LARGEST_BYTES:
            raise PaperFailed(reason=f"is larger than {LARGEST_BYTES} bytes")
        return pages

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._child is None or self._child.poll() is not None:
            self.close()
            self._child = subprocess.Popen(
                [sys.executable, "-I", str(Path(__file__).with_name("typesetter.py"))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )
        return self._child


def _stop(child: "subprocess.Popen[bytes]", late: threading.Event) -> None:
    late.set()
    child.kill()


def _exchange(child: "subprocess.Popen[bytes]", order: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Send an order, read its answer.

    Raises:
        EOFError: The child has ended.
    """
    assert child.stdin is not None and child.stdout is not None
    child.stdin.write(json.dumps(order, ensure_ascii=False).encode() + b"\n")
    child.stdin.flush()
    line = child.stdout.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    reply: dict[str, Any] = json.loads(line)
    pages = [child.stdout.read(size) for size in reply.get("sizes", ())]
    if any(len(page) < size for page, size in zip(pages, reply.get("sizes", ()), strict=True)):
        raise EOFError
    return reply, pages


def _environment() -> dict[str, str]:
    """Nothing of ours (settings may hold secrets) but what a program needs to start."""
    needed = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LANG") if name in os.environ}
    proxies = {name: NOWHERE for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")}
    return needed | proxies | {name.lower(): NOWHERE for name in proxies}


PRESS = Press()
atexit.register(PRESS.close)
