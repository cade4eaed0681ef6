"""Put a failed log-in on record."""

from dataclasses import dataclass
from typing import ClassVar

from engine.errors import LoginRefused
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class RefuseLogin:
    """Refuse to log somebody in; its row in the access log is what log-ins are throttled by."""

    kind: ClassVar[str] = "refuse_login"
    address: str | None = None

    def run(self, work: UnitOfWork) -> None:
        raise LoginRefused()
