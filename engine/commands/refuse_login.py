"""Put a failed log-in on record."""

from dataclasses import dataclass
from typing import ClassVar

from engine.errors import LoginRefused
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class RefuseLogin:
    """Refuse to log somebody in; the row among the attempts is what log-ins are throttled by."""

    kind: ClassVar[str] = "refuse_login"

    def run(self, work: UnitOfWork) -> None:
        raise LoginRefused()
