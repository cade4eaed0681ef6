"""Switch something in the studio on or off."""

from dataclasses import dataclass
from typing import ClassVar

from engine import authorization, log
from engine.actor import ADMINISTRATOR
from engine.errors import InvalidCommand
from engine.studio import drafts, options
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class SetOption:
    """Switch one of engine.studio.options; the log says who did."""

    kind: ClassVar[str] = "set_option"
    name: str
    on: bool

    def run(self, work: UnitOfWork) -> None:
        authorization.require_role(work.actor, ADMINISTRATOR)
        if self.name not in options.NAMES:
            raise InvalidCommand(field="name")
        head = log.head(work, drafts.STREAM)
        log.append(work, head, {"option": self.name, "on": self.on})
        options.switch(work.connection, self.name, self.on)
