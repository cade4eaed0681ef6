"""What happened to crews, sites and people: money, penalties, inspections, awards.

No foreign key leads to the case: an operation may write here before the case that is being started has its row.
"""

import sqlalchemy as sa

from engine.db.models.metadata import COMPOSITE_KEY, id_column, instant, metadata
from engine.db.types import HexId, Money

ledger_entry = sa.Table(
    "ledger_entry",  # append-only, like its postings
    metadata,
    id_column(),
    instant("at", required=True),
    sa.Column("month", sa.Date, nullable=False),  # first day of the month in whose books it stands
    sa.Column("kind", sa.Text, nullable=False),  # what it is for: deposit, fine, repair_cost, loss_fee, …
    sa.Column("case_id", HexId),
    sa.Column("about", sa.Text),  # a key: of a site, a rule, a contract; never a name
    sa.Index("ix_ledger_entry_case_id", "case_id"),
    sqlite_with_rowid=False,
)

ledger_posting = sa.Table(
    "ledger_posting",
    metadata,
    sa.Column("entry", HexId, sa.ForeignKey("ledger_entry.id"), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),  # from 1
    sa.Column("account", sa.Text, nullable=False),  # retention:<crew>, crew:<crew>, person:<id>, company:<what>, …
    sa.Column("amount", Money, nullable=False),  # those of an entry add up to 0
    sa.Index("ix_ledger_posting_account", "account", "amount"),
    **COMPOSITE_KEY,
)

suspension = sa.Table(
    "suspension",
    metadata,
    id_column(),
    sa.Column("person", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("until", sa.Date, nullable=False),  # the last day; it ends by itself, nothing is updated
    sa.Column("case_id", HexId),
    sa.Column("rule", sa.Text),
    sa.Index("ix_suspension_person", "person", "until"),
    sqlite_with_rowid=False,
)

repair_cost = sa.Table(
    "repair_cost",
    metadata,
    id_column(),
    sa.Column("case_id", HexId, nullable=False),
    sa.Column("site", sa.Text, sa.ForeignKey("site.key"), nullable=False),
    sa.Column("crew", sa.Text, sa.ForeignKey("crew.key")),
    sa.Column("payer", sa.Text, nullable=False),  # crew, customer, company
    sa.Column("scope", sa.Text, nullable=False),  # normal, non_normal
    sa.Column("labour", Money, nullable=False),
    sa.Column("material", Money, nullable=False),
    instant("computed_at", required=True),
    instant("signed_at"),
    sa.Column("entry", HexId, sa.ForeignKey("ledger_entry.id")),  # that settled it
    sa.Index("ix_repair_cost_crew", "crew", "signed_at"),
    sa.Index("ix_repair_cost_case_id", "case_id"),
    sa.Index("ix_repair_cost_site", "site"),
    sqlite_with_rowid=False,
)

fault_slip = sa.Table(
    "fault_slip",
    metadata,
    id_column(),
    sa.Column("case_id", HexId, nullable=False),
    sa.Column("principal", sa.Text, nullable=False),  # whom it was proposed for: person:17, head:engineering_dept
    sa.Column("person", sa.Integer, sa.ForeignKey("person.id")),  # who that was; NULL: nobody, or several
    sa.Column("rule", sa.Text, nullable=False),  # P-01 …
    sa.Column("grade", sa.Text),  # ordinary, serious, dismissal; NULL where the rule knows only money
    sa.Column("amount", Money),
    instant("decided_at", required=True),
    sa.Column("decided_by", sa.Text, nullable=False),  # principal key
    sa.Column("bulletin_on", sa.Date),
    sa.Index("ix_fault_slip_person", "person", "decided_at"),
    sa.Index("ix_fault_slip_case_id", "case_id"),
    sqlite_with_rowid=False,
)

inspection = sa.Table(
    "inspection",
    metadata,
    id_column(),
    sa.Column("case_id", HexId, nullable=False),
    sa.Column("site", sa.Text, sa.ForeignKey("site.key"), nullable=False),
    sa.Column("foreman", sa.Integer, sa.ForeignKey("person.id")),
    instant("at", required=True),
    sa.Column("overall_rate", sa.Text),  # "94.0"
    sa.Column("result", sa.Text, nullable=False),  # failed, pass, good, excellent, void
    sa.Column("counted", sa.Boolean, nullable=False),  # a void one does not count
    sa.Column("number", sa.Integer, nullable=False),  # of the counted ones under this foreman, from 1; void: 0
    sa.Index("ix_inspection_site", "site", "at"),
    sa.Index("ix_inspection_case_id", "case_id"),
    sqlite_with_rowid=False,
)

award = sa.Table(
    "award",
    metadata,
    sa.Column("site", sa.Text, sa.ForeignKey("site.key"), primary_key=True),
    sa.Column("month", sa.Date, primary_key=True),  # its first day
    sa.Column("amount", Money, nullable=False),
    sa.Column("score", sa.Text, nullable=False),  # "96.5"
    sa.Column("foreman", sa.Integer, sa.ForeignKey("person.id")),
    sa.Column("foreman_share", Money, nullable=False),
    sa.Column("project_manager", sa.Integer, sa.ForeignKey("person.id")),
    sa.Column("project_manager_share", Money, nullable=False),
    sa.Column("case_id", HexId, nullable=False),
    sa.Index("ix_award_month", "month"),
    **COMPOSITE_KEY,
)

kept_paper = sa.Table(
    "kept_paper",
    metadata,
    id_column(),
    sa.Column("case_id", HexId, nullable=False),
    sa.Column("what", sa.Text, nullable=False),  # a code, said by the message "paper.<what>"
    sa.Column("holder", sa.Text, nullable=False),  # group key
    sa.Column("kept_until", sa.Date, nullable=False),
    sa.Index("ix_kept_paper_case_id", "case_id"),
    sa.Index("ix_kept_paper_holder", "holder", "kept_until"),
    sqlite_with_rowid=False,
)
