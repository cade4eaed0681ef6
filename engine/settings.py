"""Every setting: name, default, unit. Read once from the environment, then frozen.

The setting `name` comes from the variable RENOFLOW_NAME. `docs/operators.md` lists them, and a test compares.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import time
from pathlib import Path
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from engine.errors import InvalidSetting

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = Path(__file__).resolve().parent / "_shipped"  # in a wheel; an editable install has the repository itself


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How this installation differs from another."""

    database_url: str = field(default="", metadata={"about": "SQLAlchemy URL; empty: SQLite under `var`"})
    var: Path = field(
        default=Path("var"), metadata={"about": "folder of the embedded database, the files and the generated key"}
    )
    data: Path = field(
        default=SHIPPED if SHIPPED.exists() else ROOT, metadata={"about": "folder that holds processes/ and forms/"}
    )
    host: str = field(default="127.0.0.1", metadata={"about": "address that `renoflow serve` listens on"})
    port: int = field(default=8000, metadata={"about": "port that `renoflow serve` listens on"})
    public_url: str = field(
        default="",
        metadata={"about": "address at which people reach the pages, for links on papers; empty: host and port"},
    )
    company: str = field(default="", metadata={"about": "the company's name as papers print it at their head"})
    threads: int = field(default=16, metadata={"about": "requests that one serving process handles at once"})
    secret_key: str = field(
        default="", metadata={"about": "signs sessions; empty: generated, kept under `var` with mode 0600"}
    )
    session_hours: int = field(default=12, metadata={"about": "hours after which a log-in ends"})
    upload_megabytes: int = field(default=20, metadata={"about": "largest file taken, in MB"})
    notify_urls: str = field(
        default="", metadata={"about": "Apprise URLs that notices are sent to besides the inbox, separated by spaces"}
    )
    job_tries: int = field(default=10, metadata={"about": "tries after which a job becomes an incident"})
    message_days: int = field(
        default=30, metadata={"about": "days that a message waits for its receiver before it becomes an incident"}
    )
    seals: str = field(default="", metadata={"about": "folder of the daily seals; empty: `seals` under `var`"})
    nightly_at: str = field(
        default="00:05", metadata={"about": "office time at which the record is proven and sealed every night, HH:MM"}
    )
    nightly_cases: int = field(default=50, metadata={"about": "cases, drawn by lot, that a night's proof re-executes"})

    def __post_init__(self) -> None:
        if self.database_url and not _is_database(self.database_url):
            raise InvalidSetting(name=variable("database_url"))  # without its value, which may hold a password
        if not _is_time(self.nightly_at):
            raise InvalidSetting(name=variable("nightly_at"))

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings.

        Raises:
            InvalidSetting: A number is not one, or makes no sense; the URL is none of a database that we know.
        """
        values: dict[str, Any] = {}
        for one in fields(cls):
            text = environ.get(variable(one.name), "").strip()
            if text:
                values[one.name] = _convert(one.name, one.type, text)
        return cls(**values)

    @property
    def url(self) -> str:
        """The database URL, the default filled in."""
        return self.database_url or f"sqlite:///{self.var / 'renoflow.db'}"

    @property
    def seal_folder(self) -> Path:
        """Where the seals lie, outside of the database, the default filled in."""
        return Path(self.seals) if self.seals else self.var / "seals"

    def address_of(self, path: str) -> str:
        """The address of a page ("/cases/BX-2025-0001") as people outside of this machine write it."""
        return f"{(self.public_url or f'http://{self.host}:{self.port}').rstrip('/')}{path}"


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"RENOFLOW_{name.upper()}"


def _convert(name: str, kind: Any, text: str) -> Any:
    if kind is Path:
        return Path(text)
    if kind is not int:
        return text
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise InvalidSetting(name=variable(name))
    return number


def _is_time(text: str) -> bool:
    try:
        return len(text) == len("00:05") and time.fromisoformat(text) is not None
    except ValueError:
        return False


def _is_database(url: str) -> bool:
    """Whether this is the URL of a PostgreSQL or of a file for SQLite; one in memory would be gone with its process."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return False
    if parsed.get_backend_name() == "sqlite":
        return parsed.database not in (None, "", ":memory:")
    return parsed.get_backend_name() == "postgresql"
