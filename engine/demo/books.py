"""Whether the books of a company balance: every entry, every crew, every sum on a paper.

A paper is known by the service task that made it; what it says was sent by forms. What a closed case printed is booked;
an open one books later, and what it has booked is what it printed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from engine.cases import COMPLETED
from engine.db.models import case_file, crew, instance, ledger_entry, ledger_posting, repair_cost, submission
from engine.registers import ledger

Rows = Sequence[sa.Row[Any]]  # postings with case_id, kind and month of their entry, oldest first
Sent = defaultdict[tuple[str, str], dict[str, dict[str, Any]]]  # (case, element) → scope → what was sent last
ZERO = Decimal(0)
REPAIR_COST = "repair_cost"  # kind of an entry
WHOLE = ("labour", "material")  # of a repair: what its file adds up
ON_PAPER: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "print_sheet": (
        (
            "define_liability",
            ("paid", "design_fee", "change_loss", "other_deductions", "loss_fee", "compensation", "actual_refund"),
        ),
    ),
    "print_loss_notice": (("issue_loss_notice", ("loss_fee", "compensation")),),
    "print_for_hr": (("issue_by_finance", ("amount",)),),
    "print_for_finance": (("issue_by_hr", ("amount",)),),
    "print_file": (("compute_cost", WHOLE), ("close_repair", WHOLE), ("bill_customer", ("amount",))),
    "print_voucher": (("payment_voucher", ("amount",)),),
    "print_slip": (("confirm_penalty", ("fine", "cost")),),
    "print_bulletin": (("confirm_penalty", ("fine", "cost")),),
}  # service task that makes a paper → elements, and the sums of theirs that it prints
PAPER_OF = {
    "termination_settlement": "print_sheet",
    "loss_fee": "print_loss_notice",
    "compensation": "print_loss_notice",
    "repair_bill": "print_file",
    REPAIR_COST: "print_file",
    "fine": "print_slip",
}  # kind of an entry → the paper that says its sum, or those of its postings
LIST = "print_list"  # prints what each crew's repairs of a month cost


@dataclass(frozen=True, kw_only=True)
class Books:
    """What was found.

    Attributes:
        entries, crews: How many there are.
        sums: How many sums on papers were found in the ledger, and entries of open cases on their papers.
        retention, owed: What we hold of all crews, and what they owe, in yuan.
        faults: What does not balance, in words for the terminal; empty: everything does.
    """

    entries: int
    crews: int
    sums: int
    retention: Decimal
    owed: Decimal
    faults: list[str] = field(default_factory=list)


def examine(connection: sa.Connection) -> Books:
    """Go through all postings and all papers."""
    rows = connection.execute(
        sa.select(ledger_posting, ledger_entry.c.case_id, ledger_entry.c.kind, ledger_entry.c.month)
        .join(ledger_entry, ledger_entry.c.id == ledger_posting.c.entry)
        .order_by(ledger_entry.c.at, ledger_entry.c.id, ledger_posting.c.n)
    ).all()
    keys = list(connection.scalars(sa.select(crew.c.key).order_by(crew.c.key)))
    faults = [f"does not add up, or is below 0: {one}" for one in ledger.unbalanced(connection)]
    if total := sum((row.amount for row in rows), ZERO):
        faults.append(f"all postings add up to {total}")
    faults += _of_crews(connection, rows, keys)
    faults += _of_repairs(connection, rows)
    sums, missing = _of_papers(connection, rows)
    others, unsaid = _of_open_cases(connection, rows)
    held = (ledger.balance(connection, f"retention:{key}") for key in keys)
    owed = (ledger.balance(connection, f"crew:{key}") for key in keys)
    return Books(
        entries=len({row.entry for row in rows}),
        crews=len(keys),
        sums=sums + others,
        retention=sum(held, ZERO),
        owed=-sum(owed, ZERO),
        faults=faults + missing + unsaid,
    )


def _of_crews(connection: sa.Connection, rows: Rows, keys: Iterable[str]) -> Iterator[str]:
    """Each crew's postings, one after the other: they come to its balance, and its retention was never below 0."""
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for row in rows:
        sums[row.account] += row.amount
        if row.account.startswith("retention:") and sums[row.account] < 0:
            yield f"{row.account} fell to {sums[row.account]} by entry {row.entry}"
    for account in (f"{kind}:{key}" for key in keys for kind in ("retention", "crew")):
        if sums[account] != ledger.balance(connection, account):
            yield f"{account}: its postings add up to {sums[account]}, its balance is another"


def _of_repairs(connection: sa.Connection, rows: Rows) -> Iterator[str]:
    """What a repair cost is what its entry took from the crew; no entry without a repair."""
    booked = {row.entry: row.amount for row in rows if row.kind == REPAIR_COST and row.account == "company:repairs"}
    settled = connection.execute(sa.select(repair_cost).where(repair_cost.c.entry.is_not(None))).all()
    for row in settled:
        if booked.pop(row.entry, None) != row.labour + row.material:
            yield f"repair cost {row.id}: {row.labour + row.material} was not booked"
    yield from (f"entry {entry} settles no repair" for entry in booked)


def _of_papers(connection: sa.Connection, rows: Rows) -> tuple[int, list[str]]:
    """How many sums there are on papers of closed cases, and which the ledger lacks."""
    booked: dict[str | None, set[Decimal]] = defaultdict(set)
    together: dict[tuple[str | None, str, str], Decimal] = defaultdict(lambda: ZERO)  # what several bear
    of_month: dict[tuple[date, str], Decimal] = defaultdict(lambda: ZERO)  # (month, crew)
    for row in rows:
        booked[row.case_id].add(abs(row.amount))
        together[row.case_id, row.kind, row.account] += row.amount
        if row.kind == REPAIR_COST and not row.account.startswith("company:"):
            of_month[row.month, row.account.partition(":")[2]] -= row.amount
    for (case_id, _, _), amount in together.items():
        booked[case_id].add(abs(amount))
    found, missing = 0, []
    for case, number, element, crew_key, said in _sums(connection):
        taken = {amount for (_, key), amount in of_month.items() if key == crew_key}
        if abs(said) in (booked[case] if crew_key is None else taken):
            found += 1
        else:
            missing.append(f"{number}: {said} of {element} is not in the ledger")
    return found, missing


def _of_open_cases(connection: sa.Connection, rows: Rows) -> tuple[int, list[str]]:
    """How many entries of open cases are what the case's paper says, and which are not."""
    said: dict[tuple[str, str], set[Decimal]] = defaultdict(set)
    papers = _papers(connection, instance.c.status != COMPLETED)
    sent = _sent(connection, {case for case, _, _ in papers})
    for case, _, element in papers:
        said[case, element] |= {abs(amount) for amount in _printed(sent, case, element)}
    entries: dict[str, list[sa.Row[Any]]] = defaultdict(list)
    for row in rows:
        if (row.case_id, PAPER_OF.get(row.kind)) in said:
            entries[row.entry].append(row)
    unsaid = []
    for entry, postings in entries.items():
        case, kind = postings[0].case_id, postings[0].kind
        parts, on_paper = {abs(row.amount) for row in postings}, said[case, PAPER_OF[kind]]
        if not (parts <= on_paper or sum(row.amount for row in postings if row.amount > 0) in on_paper):
            unsaid.append(f"entry {entry} ({kind}) is not what {PAPER_OF[kind]} says")
    return len(entries) - len(unsaid), unsaid


def _papers(connection: sa.Connection, *those: sa.ColumnElement[bool]) -> list[tuple[str, str, str]]:
    """(case, its number, service task) of the papers with sums."""
    rows = connection.execute(
        sa.select(case_file.c.case_id, instance.c.business_key, case_file.c.element)
        .join(instance, instance.c.id == case_file.c.case_id)
        .where(case_file.c.element.in_([*ON_PAPER, LIST]), *those)
        .distinct()
        .order_by(instance.c.business_key, case_file.c.element)
    )
    return [(row.case_id, row.business_key, row.element) for row in rows]


def _printed(sent: Sent, case: str, element: str) -> Iterator[Decimal]:
    """The sums other than 0 that a paper of a case says."""
    for form, fields in ON_PAPER.get(element, ()):
        for values in sent[case, form].values():
            amounts = [Decimal(values.get(name) or 0) for name in fields]
            yield from filter(None, [sum(amounts)] if fields == WHOLE else amounts)


def _sums(connection: sa.Connection) -> Iterator[tuple[str, str, str, str | None, Decimal]]:
    """(case, number, service task, crew on a list, sum other than 0) of every paper of a closed case.

    What a repair cost its crew is booked at the month's end, not before.
    """
    papers = _papers(connection, instance.c.status == COMPLETED)
    sent = _sent(connection, {case for case, _, _ in papers})
    owing = repair_cost.c.payer == "crew", repair_cost.c.entry.is_(None)
    later = set(connection.scalars(sa.select(repair_cost.c.case_id).where(*owing)))
    for case, number, element in papers:
        if element != "print_file" or case not in later:
            yield from ((case, number, element, None, amount) for amount in _printed(sent, case, element))
        for values in sent[case, "hand_in_list"].values() if element == LIST else ():
            yield from ((case, number, element, row["crew"], Decimal(row["total"])) for row in values["crews"])


def _sent(connection: sa.Connection, cases: set[str]) -> Sent:
    """(case, element) → scope → what was sent last."""
    wanted = {form for forms in ON_PAPER.values() for form, _ in forms} | {"hand_in_list"}
    rows = sa.select(submission).where(submission.c.element.in_(wanted)).order_by(submission.c.stream, submission.c.seq)
    found: Sent = defaultdict(dict)
    for row in connection.execute(rows):
        if row.stream in cases:
            found[row.stream, row.element][row.scope] = row.values
    return found
