"""What is in store for each case of the demo: what kind it is, when it begins, where it is left lying at the end."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from random import Random
from typing import Any

from engine.clock import OFFICE
from engine.demo import kinds
from engine.demo.names import Household
from engine.demo.problems import PROBLEMS, Problem
from engine.demo.yard import Yard

OWN_DEPARTMENT = "customer_service_dept"
WORKS = "engineering_dept"
PAUSED = ("ordinary", "major", "mended")
MOST_OF_A_KIND = 4  # cases set up to show one state at the end
INSPECTIONS_A_WEEK = 3
MONTH = timedelta(days=30)


@dataclass(kw_only=True)
class Plan:
    """The fate of a case.

    Attributes:
        number: Of its kind, from 0 in order of start: lets every branch be walked, whatever the dice say.
        kind: A key of `kinds.ALL`.
        brisk: Whoever is concerned acts within minutes, at any hour.
        left: What nobody completes: element, element[item] or scope/element, where the scope is the case's outermost.
        claimed: Somebody takes what is left.
        suspend_after, cancel_after: After its start; None: it isn't.
        complained: The key of who is complained about; "" where nobody is named.
        times: Element → how often it was completed in this case.
        sent: Element → what was sent last.
        doers: Logins of who did something in it, newest last.
    """

    kind: str
    number: int = 0
    starts: datetime
    household: Household
    problem: Problem
    rng: Random
    brisk: bool = False
    left: frozenset[str] = frozenset()
    claimed: bool = False
    suspend_after: timedelta | None = None
    suspend_for: timedelta | None = None
    cancel_after: timedelta | None = None
    case_id: str = ""
    business_key: str = ""
    complained: str = ""
    doers: list[str] = field(default_factory=list)
    times: Counter[str] = field(default_factory=Counter)
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def procedure(self) -> str:
        return kinds.ALL[self.kind].procedure

    @property
    def departments(self) -> list[str]:
        return list(self.problem.departments)


def _pause(plan: Plan) -> None:
    """Some cases are held for a while, others are given up."""
    if plan.number % 18 == 3:
        plan.suspend_after = timedelta(hours=plan.rng.uniform(4, 40))
        plan.suspend_for = timedelta(hours=plan.rng.uniform(20, 90))
    elif plan.number % 24 == 5:
        plan.cancel_after = timedelta(hours=plan.rng.uniform(3, 20))


@dataclass(frozen=True, kw_only=True)
class Deck:
    """Deals the plans between two instants, the last ones so that every state is to be seen.

    Attributes:
        cases: So many there will be about, with those that the calendar and other cases begin.
        month: Kind → number. Then these are dealt, nothing else is, and all of them begin in the first 30 days.
    """

    rng: Random
    begin: datetime
    until: datetime
    cases: int
    yard: Yard
    message_kept: timedelta
    month: Mapping[str, int] | None = None

    @property
    def of_a_kind(self) -> int:
        """How many cases show one state at the end."""
        return max(1, min(MOST_OF_A_KIND, self.cases // 60))

    @property
    def reported(self) -> int:
        """How many sites are reported for pre-acceptance on a Wednesday."""
        if self.month is None:
            return INSPECTIONS_A_WEEK
        days = [self.begin.astimezone(OFFICE) + timedelta(days=n) for n in range(MONTH.days)]
        wanted = ceil(kinds.INSPECTIONS * sum(self.month.values()) / sum(kinds.MONTH.values()))
        return min(ceil(wanted / sum(day.weekday() == 2 for day in days)), wanted - self.yard.reported)

    def deal(self) -> list[Plan]:
        """All plans, in order of their start."""
        if self.month is not None:
            return self._numbered([self._ordinary(kind) for kind in self._shuffled(self.month)])
        staged = [plan for make in _ENDINGS for plan in (make(self, n) for n in range(self.of_a_kind))]
        strays = [self._stray() for _ in range(2 * self.of_a_kind)] if self._has_strays else []  # some are received
        dealt = self._shuffled(kinds.numbers(self.cases - len(staged) - len(strays) - self._begun_by_others))
        return self._numbered(staged + strays + [self._ordinary(kind) for kind in dealt])

    @property
    def _begun_by_others(self) -> int:
        """About how many cases begin without a plan: a list a week, its inspections, a settlement after each."""
        return (self.until - self.begin) // timedelta(days=7) * (1 + 2 * INSPECTIONS_A_WEEK)

    def _shuffled(self, numbers: Mapping[str, int]) -> list[str]:
        dealt = [kind for kind, number in numbers.items() for _ in range(number)]
        self.rng.shuffle(dealt)
        return dealt

    @staticmethod
    def _numbered(plans: list[Plan]) -> list[Plan]:
        """In order of start, each with its number of its kind."""
        plans.sort(key=lambda plan: plan.starts)
        before: Counter[str] = Counter()
        for plan in plans:
            plan.number = before[plan.kind]
            before[plan.kind] += 1
            if plan.kind in PAUSED and not plan.brisk:
                _pause(plan)
        return plans

    def plan(self, kind: str, starts: datetime, *, departments: int | None = None) -> Plan:
        """A plan with a household and a problem of its own."""
        rng = Random(self.rng.getrandbits(64))
        able = [one for one in PROBLEMS if departments is None or len(one.departments) == departments]
        if departments is not None or kind != "ordinary":  # something is handed to others
            able = [one for one in able if OWN_DEPARTMENT not in one.departments]
        if kind == "repair" or kinds.ALL[kind].procedure == kinds.REPAIR:  # a defect
            able = [one for one in able if one.departments == (WORKS,)] or able
        household = self.yard.site_for(kind, rng)
        problem = rng.choice(able).told(rng)
        left = frozenset(kinds.ALL[kind].left)
        return Plan(kind=kind, starts=starts, household=household, problem=problem, rng=rng, left=left)

    def _ordinary(self, kind: str) -> Plan:
        late = 0.3 if kind in ("contact", "repeat", "repeat_by_hand") else 0.0  # these need cases that were before
        most = 1.0 if self.month is None else MONTH / (self.until - self.begin)
        return self.plan(kind, self._moment(late * most, most))

    def _moment(self, since: float, until: float) -> datetime:
        """A moment at which somebody calls, between two shares of the time: by day, on fewer days of the weekend."""
        while True:
            share = self.rng.uniform(since, until)
            moment = (self.begin + share * (self.until - self.begin)).astimezone(OFFICE)
            if 8 <= moment.hour < 21 and (moment.weekday() < 5 or self.rng.random() < 0.6):
                return moment

    @property
    def _has_strays(self) -> bool:
        return self.until - self.message_kept - timedelta(days=1) > self.begin + self._settled

    @property
    def _settled(self) -> timedelta:
        """Until some case has ended."""
        return min(timedelta(days=10), (self.until - self.begin) / 2)

    def _stray(self) -> Plan:
        since, until = self.begin + self._settled, self.until - self.message_kept - timedelta(days=1)
        length = self.until - self.begin
        return self.plan("stray", self._moment((since - self.begin) / length, (until - self.begin) / length))

    def staged(
        self,
        kind: str,
        before: tuple[float, float],
        left: Sequence[str],
        *,
        departments: int | None = None,
        claimed: bool = False,
    ) -> Plan:
        """A plan that begins so many hours before the end, goes on at once, and is left lying somewhere."""
        plan = self.plan(kind, self.until - timedelta(hours=self.rng.uniform(*before)), departments=departments)
        plan.brisk, plan.left, plan.claimed = True, plan.left | set(left), claimed
        return plan


def _fresh(deck: Deck, number: int) -> Plan:
    return deck.staged("ordinary", (0.05, 0.5), ["classify_complaint"], claimed=number == 3)


def _due_soon(deck: Deck, number: int) -> Plan:
    """T-01 gives three hours; four fifths of them are over."""
    return deck.staged("ordinary", (2.5, 2.85), ["sign_receipt"], departments=1, claimed=number == 3)


def _overdue(deck: Deck, number: int) -> Plan:
    left = ("transfer_complaint", "sign_receipt", "verify_with_customer", "sign_receipt")[number]
    hours = (27, 31) if left == "verify_with_customer" else (4, 9)
    return deck.staged("ordinary", hours, [left], departments=1)


def _claimed(deck: Deck, number: int) -> Plan:
    left = ("verify_with_customer", "file_solution", "closing_call", "close_complaint")[number]
    return deck.staged("ordinary", (4, 15), [left], departments=1, claimed=True)


def _offered(deck: Deck, number: int) -> Plan:
    return deck.staged("ordinary", (3, 20), ["verify_with_customer"], departments=1)


def _escalated(deck: Deck, number: int) -> Plan:
    left = ("study_case", "agree_and_visit", "review_cost", "customer_answer")[number]
    return deck.staged("major", (20, 70), [left], claimed=number == 1)


def _shared(deck: Deck, number: int) -> Plan:
    """One department has signed, the others have not."""
    departments = 2 + number % 2
    plan = deck.staged("ordinary", (1.1, 2.3), [], departments=departments)
    plan.left = frozenset(f"sign_receipt[{name}]" for name in plan.departments[1:])
    return plan


def _suspended(deck: Deck, number: int) -> Plan:
    plan = deck.staged("ordinary", (20, 90), ["verify_with_customer", "file_solution"], departments=1)
    plan.suspend_after = timedelta(hours=deck.rng.uniform(1.5, 8))
    return plan


def _for_gm_office(deck: Deck, number: int) -> Plan:
    return deck.staged("opinion", (2, 40), ["written_opinion", "closing_call"], departments=1)


def _for_general_manager(deck: Deck, number: int) -> Plan:
    left = ("accept_complaint", "solve_against_cs", "close_against_cs", "accept_complaint")[number]
    return deck.staged("against_cs_by_hand", (2, 20), [left])


def _with_the_crew(deck: Deck, number: int) -> Plan:
    left = ("call_customer_back", "repair", "arrive_on_site", "repair")[number]
    return deck.staged("mended", (1, 1.8) if number == 0 else (4, 40), [left], claimed=number == 3)


def _with_the_captain(deck: Deck, number: int) -> Plan:
    left = ("survey_site", "inform_captain", "compute_cost", "survey_site")[number]
    return deck.staged("departed" if left == "compute_cost" else "refused_plan", (2, 20), [left])


def _terminated(deck: Deck, number: int) -> Plan:
    left = ("approve_termination", "verify_cause", "define_liability", "verify_payments")[number]
    return deck.staged("termination", (10, 60), [left])


_ENDINGS: tuple[Callable[[Deck, int], Plan], ...] = (
    _fresh,
    _due_soon,
    _overdue,
    _claimed,
    _offered,
    _escalated,
    _shared,
    _suspended,
    _for_gm_office,
    _for_general_manager,
    _with_the_crew,
    _with_the_captain,
    _terminated,
)
