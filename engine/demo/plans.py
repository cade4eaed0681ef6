"""What is in store for each case of the demo: what kind it is, when it begins, where it is left lying at the end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from engine.clock import OFFICE
from engine.demo.names import Household
from engine.demo.problems import PROBLEMS, Problem

HANDLING, REPEAT, AGAINST_CS, PENALTY = (
    "complaint-handling",
    "repeat-complaint",
    "complaint-against-cs",
    "penalty-slip",
)
OWN_DEPARTMENT = "customer_service_dept"

SHARES: Mapping[str, float] = {
    "ordinary": 0.54,
    "major": 0.08,
    "not_valid": 0.03,
    "cannot_solve": 0.03,
    "compensation": 0.02,
    "opinion": 0.02,
    "downgraded": 0.02,
    "contact": 0.03,
    "repeat": 0.04,
    "repeat_by_hand": 0.03,
    "against_cs": 0.03,
    "against_cs_by_hand": 0.03,
    "repair": 0.03,
    "penalty": 0.07,
}  # of the cases that are not set up for the end; the middle ones are ordinary complaints with a certain fate

PROCEDURES: Mapping[str, str] = {"repeat_by_hand": REPEAT, "against_cs_by_hand": AGAINST_CS, "penalty": PENALTY}
MOST_OF_A_KIND = 4  # cases set up to show one state at the end


@dataclass(kw_only=True)
class Plan:
    """The fate of a case.

    Attributes:
        number: Of its kind, from 0 in order of start: lets every branch be walked, whatever the dice say.
        kind: A key of SHARES, or `stray`: a contact to a case that has ended, which nobody will receive.
        brisk: Whoever is concerned acts within minutes, at any hour.
        left: Elements, or element[item], that nobody completes.
        claimed: Somebody takes what is left.
        suspend_after, cancel_after: After its start; None: it isn't.
        complained: The key of who is complained about; "" where nobody is named.
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

    @property
    def procedure(self) -> str:
        return PROCEDURES.get(self.kind, HANDLING)

    @property
    def departments(self) -> list[str]:
        return list(self.problem.departments)


@dataclass(frozen=True, kw_only=True)
class Deck:
    """Deals the plans: `cases` of them between two instants, the last ones so that every state is to be seen."""

    rng: Random
    begin: datetime
    until: datetime
    cases: int
    households: Sequence[Household]
    message_kept: timedelta

    @property
    def of_a_kind(self) -> int:
        """How many cases show one state at the end."""
        return max(1, min(MOST_OF_A_KIND, self.cases // 60))

    def deal(self) -> list[Plan]:
        """All plans, in order of their start."""
        staged = [plan for make in _ENDINGS for plan in (make(self, n) for n in range(self.of_a_kind))]
        strays = [self._stray() for _ in range(self.of_a_kind)] if self._has_strays else []
        number = max(len(SHARES), self.cases - len(staged) - len(strays))
        kinds = [kind for kind, share in SHARES.items() for _ in range(max(1, round(number * share)))]
        self.rng.shuffle(kinds)
        plans = sorted(staged + strays + [self._ordinary(kind) for kind in kinds], key=lambda plan: plan.starts)
        for plan in plans:
            plan.number = sum(one.kind == plan.kind for one in plans[: plans.index(plan)])
        return plans

    def plan(self, kind: str, starts: datetime, *, departments: int | None = None) -> Plan:
        """A plan with a household and a problem of its own."""
        rng = Random(self.rng.getrandbits(64))
        able = [one for one in PROBLEMS if departments is None or len(one.departments) == departments]
        if departments is not None or kind != "ordinary":  # something is handed to others
            able = [one for one in able if OWN_DEPARTMENT not in one.departments]
        household = rng.choice(self.households)
        return Plan(kind=kind, starts=starts, household=household, problem=rng.choice(able).told(rng), rng=rng)

    def _ordinary(self, kind: str) -> Plan:
        late = 0.3 if kind in ("contact", "repeat", "repeat_by_hand") else 0.0  # these need cases that were before
        plan = self.plan(kind, self._moment(late, 1.0))
        chance = plan.rng.random()
        if kind in ("ordinary", "major") and chance < 0.04:
            plan.suspend_after = timedelta(hours=plan.rng.uniform(4, 60))
            plan.suspend_for = timedelta(hours=plan.rng.uniform(20, 90))
        elif kind == "ordinary" and chance < 0.07:
            plan.cancel_after = timedelta(hours=plan.rng.uniform(3, 40))
        return plan

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
        plan.brisk, plan.left, plan.claimed = True, frozenset(left), claimed
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
)
