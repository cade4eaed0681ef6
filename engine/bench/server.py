"""A `renoflow serve` of the bench's own on loopback: its start, processor time and memory; and who is logged in."""

import http.client
import os
import re
import socket
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

from engine.settings import Settings

PATIENCE_SECONDS = 30.0
PROGRAM = "from engine.cli import main; main()"
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A serving process and its children."""

    pid: int
    port: int
    ready_seconds: float

    def _tree(self) -> list[Path]:
        stats = [path for path in Path("/proc").glob("[0-9]*/stat") if path.exists()]
        parents = {int(path.parent.name): _fields(path)[1] for path in stats}
        family = {self.pid}
        while True:
            grown = family | {pid for pid, parent in parents.items() if int(parent) in family}
            if grown == family:
                return [Path(f"/proc/{pid}") for pid in family]
            family = grown

    def cpu_ms(self) -> float:
        """User and system time of all its processes so far."""
        return sum(int(f[11]) + int(f[12]) for f in (_fields(path / "stat") for path in self._tree())) * 1000 / _TICKS

    def memory_mb(self) -> float:
        """Resident memory of all its processes."""
        texts = [(path / "status").read_text() for path in self._tree()]
        found = [re.search(r"VmRSS:\s+(\d+)", text) for text in texts]
        return sum(int(one[1]) for one in found if one) / 1024


def _fields(stat: Path) -> list[str]:
    """The fields of /proc/<pid>/stat after the name: state, parent …"""
    try:
        return stat.read_text().rpartition(") ")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ["Z", *["0"] * 20]


@contextmanager
def serving(settings: Settings) -> Iterator[Server]:
    """Serve an installation on a free port; ended by its own process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = os.environ | {
        "RENOFLOW_DATABASE_URL": settings.url,
        "RENOFLOW_VAR": str(settings.var),
        "RENOFLOW_PORT": str(port),
    }
    began = monotonic()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "serve"], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not _is_ready(port):
            if monotonic() - began > PATIENCE_SECONDS or process.poll() is not None:
                raise TimeoutError("the server did not become ready")
            sleep(0.02)
        yield Server(process.pid, port, monotonic() - began)
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def hidden(text: str, name: str) -> str:
    """The value of a hidden input on a page."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', text)
    return found[1] if found else ""


@dataclass
class Browser:
    """One person's connection: cookies, the CSRF token, nothing else."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Send a request; gives status, body and where it redirects to."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
            body = urllib.parse.urlencode({"csrf_token": self.token, **form})
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for header in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text, answer.headers.get("Location", "")

    def log_in(self, username: str, password: str) -> None:
        _, page, _ = self.ask("GET", "/login")
        self.token = hidden(page, "csrf_token")
        status, _, _ = self.ask("POST", "/login", {"username": username, "password": password})
        if status != 303:
            raise RuntimeError(f"log-in answered {status}")
