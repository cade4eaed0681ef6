"""A mail server and a webhook of the outside world, on loopback: they take what is sent, or refuse it."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast


class PostOffice(socketserver.ThreadingTCPServer):
    """Takes mail (RFC 5321, as much of it as one client speaks); closed, it answers 451 to every letter."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Counter)
        self.closed = False
        self.letters: list[EmailMessage] = []

    @property
    def url(self) -> str:
        """Where Apprise sends mail to, to reach this one."""
        return f"mailto://127.0.0.1:{self.server_address[1]}?from=renoflow@example.com&to=lin@example.com&mode=insecure"


class _Counter(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        office = cast(PostOffice, self.server)
        self.wfile.write(b"220 post office\r\n")
        for line in self.rfile:
            match line[:4].upper():
                case b"DATA" if office.closed:
                    self.wfile.write(b"451 closed for today\r\n")
                case b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    office.letters.append(self._letter())
                    self.wfile.write(b"250 taken\r\n")
                case b"QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                case _:
                    self.wfile.write(b"250 ok\r\n")

    def _letter(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        return cast(EmailMessage, message_from_bytes(b"".join(lines), policy=policy.default))


class Hook(ThreadingHTTPServer):
    """A webhook that takes JSON; closed, it answers 500."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Catcher)
        self.closed = False
        self.caught: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        """Where Apprise posts to, to reach this one."""
        return f"json://127.0.0.1:{self.server_address[1]}/notices"


class _Catcher(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        hook = cast(Hook, self.server)
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not hook.closed:
            hook.caught.append(content)
        self.send_response(500 if hook.closed else 204)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def listening(server: socketserver.TCPServer) -> Iterator[None]:
    """Serve in a thread of its own until the block ends."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
