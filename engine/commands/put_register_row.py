"""Add a row to a register, or change one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from engine import authorization, log
from engine.actor import ADMINISTRATOR
from engine.clock import OFFICE
from engine.errors import InvalidCommand
from engine.registers import rows
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class PutRegisterRow:
    """Write a row of a register; without a key a new one, which gets the next number.

    Raises:
        InvalidCommand: `field` says what is wrong: no date, no choice, an absurd sum, a reference that leads nowhere.
        PersonUnavailable: A site that is still to be built would go to a foreman who has left or is suspended.
        NotFound: There is no row to change.
    """

    kind: ClassVar[str] = "put_register_row"
    register: str  # of rows.TABLES; a crew's key is that of a group of the kind crew
    key: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)  # column → value; dates as ISO text, money as text
    new: bool = False  # with a key: it must not exist yet

    def run(self, work: UnitOfWork) -> None:
        authorization.require_role(work.actor, ADMINISTRATOR)
        head = log.head(work, rows.STREAM)
        columns = rows.columns(self.register, self.values)
        key, new = self.key or next(rows.new_keys(work.connection, self.register)), self.new or self.key is None
        if new and self.key is not None and rows.exists(work.connection, self.register, key):
            raise InvalidCommand(field="key")
        rows.check(work.connection, self.register, key, columns, new=new, on=work.now.astimezone(OFFICE).date())
        texts = {name: columns[name] for name in sorted(rows.TEXTS[self.register] & columns.keys())}
        plain = {name: rows.plain(value) for name, value in columns.items() if name not in texts}
        body = {"register": self.register, "key": key, "values": plain}
        log.append(work, head, body, submitted=log.Submitted(values=texts) if texts else None)
        rows.put(work.connection, self.register, key, columns, new=new)
