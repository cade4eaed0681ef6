"""What somebody has in mind who fills a form of the demo: the case's story, the day, and whom to name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from engine.clock import OFFICE
from engine.demo.filling import typed
from engine.demo.plans import Plan
from engine.demo.yard import Yard


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A form in front of a person.

    Attributes:
        shown: What it shows already.
        ids: Login → the person's key in the register.
        names: Login → what people call them.
        staff: Department → logins of its people, the head first.
        before: Business keys of earlier cases: "ended", "handled" (a department is at work on it).
        round: How often this element was opened in its scope.
        reported: How many sites are reported for pre-acceptance in a week.
        choices: Register → the keys that may be chosen today.
    """

    plan: Plan
    now: datetime
    shown: Mapping[str, Any]
    ids: Mapping[str, str]
    names: Mapping[str, str]
    staff: Mapping[str, Sequence[str]]
    before: Mapping[str, Sequence[str]]
    round: int = 1
    yard: Yard
    reported: int
    choices: Callable[[str], list[str]]

    @property
    def rng(self) -> Random:
        return self.plan.rng

    @property
    def lead(self) -> str:
        return self.plan.departments[0]

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def every(self, nth: int, kind: str) -> bool:
        """Whether this is the first of every n cases of a kind."""
        return self.plan.kind == kind and self.plan.number % nth == 0

    @property
    def captain_is_out(self) -> bool:
        """Whether the repair captain has not heard of the case yet."""
        return not self.plan.times["inform_captain"]

    @property
    def site(self) -> Mapping[str, Any]:
        return self.plan.household.site

    def yes(self, share: float) -> str:
        return "yes" if self.chance(share) else "no"

    def colleague(self, department: str, apart_from: str = "") -> str:
        """The key of somebody of a department, its head left out where there is anybody else."""
        logins = [one for one in self.staff[department][1:] if one != apart_from] or list(self.staff[department])
        return self.ids[self.rng.choice(logins)]

    def days_on(self, least: float, most: float, hour: int | None = None) -> datetime:
        """An instant some days on; on the hour or half hour where one is named."""
        moment = (self.now + timedelta(days=self.rng.uniform(least, most))).astimezone(OFFICE)
        return moment if hour is None else moment.replace(hour=hour, minute=self.rng.choice((0, 30)), second=0)

    def recently(self, minutes: int = 25) -> str:
        """A short while ago, as a person types it, but not before the case began."""
        return typed(max(self.now - timedelta(minutes=self.rng.randint(0, minutes)), self.plan.starts))
