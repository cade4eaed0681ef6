"""A browser with a person behind it, on the real application: cookies, tokens and all."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse, encode_multipart

from engine.actor import SYSTEM
from engine.commands.open_session import OpenSession
from engine.db.models import instance, user_task
from engine.executor import Engine

COOKIE = "renoflow_session"


class Browser:
    """Sends forms as a page would; what a page would not send is given as it is."""

    def __init__(self, app: Flask, engine: Engine, number: int | None = None) -> None:
        self.client: FlaskClient = app.test_client()
        if number is not None:
            token = secrets.token_urlsafe(32)
            engine.execute(OpenSession(person_id=number, token_hash=hashlib.sha256(token.encode()).digest()), SYSTEM)
            self.client.set_cookie(COOKIE, token)
        self._token = re.search('name="csrf-token" content="([^"]+)"', self.get("/me" if number else "/login").text)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, buffered=True, **more)

    def post(self, path: str, data: Mapping[str, Any] | None = None, **more: Any) -> TestResponse:
        assert self._token is not None
        return self.client.post(path, data={"csrf_token": self._token[1], **(data or {})}, **more)

    def post_body(self, path: str, data: Mapping[str, Any], content_type: str) -> TestResponse:
        """Post a form of any size in the encoding of that type; the client would leave the file of a large one open."""
        assert self._token is not None
        fields = {"csrf_token": self._token[1], **data}
        body = urlencode(fields).encode()
        if content_type == "multipart/form-data":
            boundary, body = encode_multipart(fields)
            content_type = f"{content_type}; boundary={boundary}"
        return self.client.post(path, data=body, content_type=content_type)

    def send(self, path: str, name: str, content: bytes) -> TestResponse:
        """Post one file under a name that is written as it is, but for what browsers escape."""
        assert self._token is not None
        escaped = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        parts = [
            f'Content-Disposition: form-data; name="csrf_token"\r\n\r\n{self._token[1]}'.encode(),
            f'Content-Disposition: form-data; name="file"; filename="{escaped}"\r\n\r\n'.encode() + content,
        ]
        body = b"".join(b"--limit\r\n" + part + b"\r\n" for part in parts) + b"--limit--\r\n"
        return self.client.post(path, data=body, content_type="multipart/form-data; boundary=limit")


def submission(engine: Engine, task_id: str, **fields: Any) -> dict[str, Any]:
    """What the page of a task posts: its hidden inputs, and these fields."""
    with engine.read() as connection:
        rows = sa.select(user_task.c.form, user_task.c.revision, instance.c.deployment_id)
        row = connection.execute(rows.join(instance).where(user_task.c.id == task_id)).one()
    hidden = {"deployment": row.deployment_id, "form": row.form, "revision": row.revision}
    return {**hidden, "request_id": secrets.token_hex(16), **{f"f.{key}": value for key, value in fields.items()}}
