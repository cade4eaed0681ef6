"""`renoflow serve` itself, on loopback: bodies that are too large; what it still keeps when it ends."""

import re
import socket
from contextlib import closing
from pathlib import Path
from time import monotonic

import pytest
import sqlalchemy as sa

from engine.bench.server import Browser, Server, serving
from engine.db.models import access
from engine.executor import Engine
from tests.bad_input.conftest import PASSWORD, Open
from tests.bad_input.untouched import nothing_changes

MEGABYTE = 1024 * 1024
SIZE = 200 * MEGABYTE
pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),  # the store is not asked
]


def upload(server: Server, browser: Browser, path: str, *, chunked: bool) -> tuple[str, float]:
    """Send SIZE bytes as long as the server takes them; its answer and the most memory that it had meanwhile, in MB."""
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {SIZE}"
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n{length}\r\n"
    head += "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    body = b"x" * MEGABYTE
    piece = b"%x\r\n%s\r\n" % (len(body), body) if chunked else body
    most, answer = server.memory_mb(), b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(head.encode())
        try:
            for _ in range(SIZE // MEGABYTE):
                connection.sendall(piece)
                most = max(most, server.memory_mb())
        except OSError:  # it listens no more
            pass
        try:
            while b"</html>" not in answer and (received := connection.recv(65536)):
                answer += received
        except ConnectionResetError:
            pass
    return answer.decode(errors="replace"), max(most, server.memory_mb())


def test_200_megabytes_are_refused_and_the_server_goes_on(company: Engine, opened: Open) -> None:
    settings = company.settings
    paths = (f"/cases/{opened.case}/files", f"/tasks/{opened.task}/complete", "/start/one-task", "/login")

    with serving(settings) as server, closing((browser := Browser(server.port)).connection):
        browser.log_in("p1", PASSWORD)
        browser.ask("GET", f"/tasks/{opened.task}")
        before = server.memory_mb()
        with nothing_changes(company):
            for path in paths:
                for chunked in (False, True):
                    answer, most = upload(server, browser, path, chunked=chunked)
                    assert re.match(r"HTTP/1\.1 413 ", answer), (path, chunked, answer[:200])
                    assert "20 MB" in answer and "压缩" in answer
                    assert most - before < 50, (path, chunked)
        assert browser.ask("GET", f"/tasks/{opened.task}")[0] == 200

    assert [path for path in Path(settings.var).rglob("*") if path.is_file() and path.stat().st_size > MEGABYTE] == []


def test_what_was_looked_at_is_written_each_second_and_when_the_server_ends(company: Engine, opened: Open) -> None:
    def looked() -> list[str]:
        rows = sa.select(access.c.kind).where(access.c.kind.in_(("login", "case", "task"))).order_by(access.c.seq)
        with company.read() as connection:
            return list(connection.scalars(rows))

    with serving(company.settings) as server, closing((browser := Browser(server.port)).connection):
        browser.log_in("p1", PASSWORD)
        assert browser.ask("GET", f"/cases/{opened.case}")[0] == 200
        until = monotonic() + 20
        while len(looked()) < 2 and monotonic() < until:
            pass
        assert looked() == ["login", "case"]
        for _ in range(3):
            assert browser.ask("GET", f"/tasks/{opened.task}")[0] == 200

    assert looked() == ["login", "case", "task", "task", "task"]
