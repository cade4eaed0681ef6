"""The kinds of cases that the demo deals: how often each occurs, who begins it, which sites it is about."""

from collections.abc import Mapping
from dataclasses import dataclass

HANDLING, REPEAT, AGAINST_CS, PENALTY = (
    "complaint-handling",
    "repeat-complaint",
    "complaint-against-cs",
    "penalty-slip",
)
REPAIR, TRAINING, TERMINATION, SCHEDULING, INSPECTION, SETTLEMENT = (
    "repair-handling",
    "repair-training",
    "contract-termination",
    "pre-acceptance-scheduling",
    "pre-acceptance-inspection",
    "final-settlement-gate",
)
FOREMAN_OF_SITE = "foreman of the site"  # as registrar
ANY, BUILDING, GUARANTEED, EXPIRED, DEPARTED = (
    "any",
    "building",
    "guaranteed",
    "expired",
    "departed",
)  # states of a site


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of case.

    Attributes:
        share: Of the cases that are not set up for the end.
        registrar: The group whose people begin it.
        sites: The state of the site that it is about.
        once: A site has it at most once, and none of the others that are so.
        left: Elements that nobody completes, as in `Plan.left`: what makes the kind.
        fates: So many of them, one after the other, go different ways.
    """

    procedure: str
    share: float
    registrar: str = "service_specialist"
    sites: str = ANY
    once: bool = False
    left: tuple[str, ...] = ()
    fates: int = 1


def _complaint(share: float) -> Kind:
    return Kind(procedure=HANDLING, share=share)


def _repair(share: float, sites: str = GUARANTEED, left: tuple[str, ...] = ()) -> Kind:
    return Kind(procedure=REPAIR, share=share, sites=sites, left=left)


KINDS: Mapping[str, Kind] = {
    "ordinary": _complaint(0.095),
    "major": _complaint(0.05),
    "not_valid": _complaint(0.025),
    "cannot_solve": _complaint(0.025),
    "compensation": _complaint(0.015),
    "opinion": _complaint(0.01),
    "downgraded": _complaint(0.015),
    "contact": _complaint(0.025),
    "repeat": _complaint(0.03),
    "repeat_by_hand": Kind(procedure=REPEAT, share=0.025),
    "against_cs": _complaint(0.02),
    "against_cs_by_hand": Kind(procedure=AGAINST_CS, share=0.025, registrar="customer_service_dept"),
    "repair": _complaint(0.025),  # a mere defect, reported as a complaint
    "penalty": Kind(procedure=PENALTY, share=0.05, registrar="site_inspector"),
    "mended": _repair(0.36),
    "neglected": _repair(0.04, left=("service/call_customer_back",)),
    "refused_plan": _repair(0.02),
    "kept_waiting": _repair(0.02, left=("service/arrive_on_site",)),
    "unhappy": _repair(0.03),
    "departed": _repair(0.04, DEPARTED),
    "paid_service": _repair(0.025, EXPIRED),
    "training": Kind(procedure=TRAINING, share=0.008, registrar="repair_captain"),
    "termination": Kind(
        procedure=TERMINATION, share=0.035, registrar="design_manager", sites=BUILDING, once=True, fates=5
    ),
    "exception": Kind(procedure=SCHEDULING, share=0.01, registrar="project_manager", sites=BUILDING, once=True),
    "settled_early": Kind(procedure=SETTLEMENT, share=0.005, registrar=FOREMAN_OF_SITE, sites=BUILDING),
}
# Kinds of cases that come about by others: by a message, by what somebody does after a case.
MORE_KINDS: Mapping[str, Kind] = {
    "stray": _complaint(0),  # a contact to a case that has ended, which nobody will receive
    "inspection": Kind(procedure=INSPECTION, share=0, sites=BUILDING, once=True),
    "settlement": Kind(procedure=SETTLEMENT, share=0, registrar=FOREMAN_OF_SITE),
}
ALL = {**KINDS, **MORE_KINDS}
# Procedure of a case that a message has begun → the kind of case that sends it, where its problem is that one's.
SENT_BY: Mapping[str, str] = {REPEAT: "repeat", AGAINST_CS: "against_cs", REPAIR: "repair"}

# A month of a large company, by kind: 300 repairs, 80 complaints, 10 terminations; the rest comes from the calendar.
MONTH: Mapping[str, int] = {
    "ordinary": 25, "major": 10, "not_valid": 5, "cannot_solve": 5, "compensation": 4, "opinion": 3, "downgraded": 3,
    "contact": 5, "repeat": 6, "repeat_by_hand": 3, "against_cs": 3, "against_cs_by_hand": 3, "repair": 5,
    "mended": 190, "neglected": 24, "refused_plan": 10, "kept_waiting": 12, "unhappy": 14, "departed": 25,
    "paid_service": 20, "penalty": 12, "training": 2, "termination": 10, "exception": 3, "settled_early": 2,
}  # fmt: skip
INSPECTIONS = 60  # in that month


def numbers(cases: int) -> dict[str, int]:
    """How many cases of each kind there are among so many: at least one of each fate."""
    return {name: max(kind.fates, round(cases * kind.share)) for name, kind in KINDS.items()}


def month(share: float) -> dict[str, int]:
    """How many there are in a share of the large company's month, as `numbers`."""
    return {name: max(KINDS[name].fates, round(number * share)) for name, number in MONTH.items()}
