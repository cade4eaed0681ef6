"""The people of the demo at work: who takes a task, and when they come to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from engine.actor import Actor
from engine.authorization import is_candidate
from engine.clock import OFFICE
from engine.working_time import Calendar, add_working_hours

TARDY = frozenset({"wu_kai", "ji_shu", "shang_jia", "cha_ming", "jin_ze"})  # always late
MOST_PUT_OFF = timedelta(days=6)  # nobody lets lie what is due at the end of the month until then
WAKES, SLEEPS = 8, 21  # hours between which a colleague answers what is urgent, on any day
SAME_HANDS = 0.7  # how often a case stays with somebody who already knows it

DAYS_WITHOUT_DEADLINE: Mapping[str, tuple[float, float]] = {
    "record_result": (4, 14),
    "follow_to_solution": (0.6, 3),
    "customer_answer": (0.2, 1.5),
    "collect_fine": (1, 5),
    "wage_deduction": (1, 8),
    "collect_papers": (0.2, 2),
    "verify_cause": (0.2, 2),
    "complete_items": (2, 5),
    "finish_customer_side": (1, 3),
    "announce_awards": (1, 4),
    "new_date": (0.1, 0.6),
    "close_repair": (0.1, 1.5),
    "file_repair": (0.1, 1.5),
}
APPOINTMENTS = frozenset({"visit_or_explain", "arrive_on_site"})
SELDOM: Mapping[str, float] = {"change_time": 0.12}  # what may be done, but need not be, and how often it is


@dataclass(frozen=True, kw_only=True)
class Offered:
    """What somebody sees of a task before taking it."""

    element: str
    candidates: Sequence[str]
    excluded: Sequence[str]
    due_at: datetime | None
    not_before: datetime | None


class Office:
    """Everybody, by login, and the calendar that they work by."""

    def __init__(self, people: Mapping[str, Actor], calendar: Calendar, rng: Random) -> None:
        self.people, self.calendar, self.rng = people, calendar, rng
        self.logins = {actor.key: login for login, actor in people.items()}

    def who(self, task: Offered, known: Sequence[str], *, apart_from: str | None = None) -> str | None:
        """Who takes a task: rather somebody who knows the case; None where nobody may."""
        able = [login for login, one in self.people.items() if is_candidate(one, task.candidates, task.excluded)]
        able = [login for login in able if login != apart_from]
        familiar = [login for login in reversed(known) if login in able]
        if familiar and self.rng.random() < SAME_HANDS:
            return familiar[0]
        return self.rng.choice(able) if able else None

    def when(self, login: str, task: Offered, now: datetime) -> datetime:
        """When they have it done: before it is due, unless they are always late or the day is too short."""
        tardy = login in TARDY
        if task.not_before is not None and task.not_before > now:
            now = task.not_before
        if task.due_at is None:
            return self._without_deadline(task.element, now, tardy)
        left = task.due_at - now
        if left <= timedelta():
            return self._awake(now + timedelta(hours=self.rng.uniform(0.5, 6)))
        if task.element in APPOINTMENTS:
            early, late = timedelta(minutes=self.rng.uniform(2, 25)), timedelta(minutes=self.rng.uniform(20, 200))
            return max(now, task.due_at + late if tardy else task.due_at - early)
        share = self.rng.uniform(0.6, 1.3) if tardy else self.rng.uniform(0.04, 0.55)
        moment = self._awake(now + share * min(left, MOST_PUT_OFF))
        if moment > task.due_at and not tardy and self.rng.random() < 0.7:
            return max(now, task.due_at - left * self.rng.uniform(0.02, 0.1))
        return moment

    def _without_deadline(self, element: str, now: datetime, tardy: bool) -> datetime:
        if element in DAYS_WITHOUT_DEADLINE:
            return self._awake(now + timedelta(days=self.rng.uniform(*DAYS_WITHOUT_DEADLINE[element])))
        hours = min(30.0, self.rng.expovariate(1 / (9 if tardy else 3)))
        return add_working_hours(now, timedelta(hours=hours), self.calendar) + timedelta(
            seconds=self.rng.randint(1, 600)
        )

    def _awake(self, moment: datetime) -> datetime:
        local = moment.astimezone(OFFICE)
        if WAKES <= local.hour < SLEEPS:
            return moment
        day = local if local.hour < WAKES else local + timedelta(days=1)
        return day.replace(hour=WAKES, minute=self.rng.randint(5, 55))
