"""Add a customer, a site or a contract, or change one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

import sqlalchemy as sa

from engine import authorization, log
from engine.actor import ADMINISTRATOR
from engine.registers import rows
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class PutRegisterRow:
    """Write a row of a register; without a key a new one, which gets the next number."""

    kind: ClassVar[str] = "put_register_row"
    register: str  # customer, site, contract
    key: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)  # column → value; dates as ISO text
    new: bool = False  # with a key: it must not exist yet

    def run(self, work: UnitOfWork) -> None:
        authorization.require_role(work.actor, ADMINISTRATOR)
        head = log.head(work, rows.STREAM)
        columns = rows.columns(self.register, self.values)
        key = self.key or self._next_key(work)
        texts = {name: columns[name] for name in sorted(rows.TEXTS[self.register] & columns.keys())}
        plain = {name: _plain(value) for name, value in columns.items() if name not in texts}
        body = {"register": self.register, "key": key, "values": plain}
        log.append(work, head, body, submitted=log.Submitted(values=texts) if texts else None)
        rows.put(work.connection, self.register, key, columns, new=self.new or self.key is None)

    def _next_key(self, work: UnitOfWork) -> str:
        table = rows.TABLES[self.register]
        number = work.connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        prefix = rows.PREFIXES[self.register]
        while True:
            number += 1
            key = f"{prefix}{number:05d}"
            if work.connection.scalar(sa.select(table.c.key).where(table.c.key == key)) is None:
                return key


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
