"""Crews, the ledger, penalties, inspections, awards; a contract's amount in fen."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

import sqlalchemy as sa
from alembic import op

from engine.db import append_only
from engine.db.types import HexId, Money, UtcDateTime

revision = "0002"
down_revision = "0001"

LARGEST = 10**15  # fen; more is no money and would not fit


def upgrade() -> None:
    for change in (_things, _sites_and_contracts, _ledger, _crews_costs, _people_and_sites, _papers):
        change()
    for statement in append_only.create_statements(op.get_bind().dialect.name, append_only.LEDGER):
        op.execute(statement)


def _things() -> None:
    op.create_table(
        "crew",
        sa.Column("key", sa.Text, sa.ForeignKey("group_.key"), primary_key=True),
        sa.Column("foreman", sa.Integer, sa.ForeignKey("person.id")),
        sa.Column("kind", sa.Text, nullable=False, server_default="general"),
        sa.Column("state", sa.Text, nullable=False, server_default="active"),
        sa.Column("departed_on", sa.Date),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_crew_foreman", "crew", ["foreman"])
    op.create_table(
        "contract_change",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("contract", sa.Text, sa.ForeignKey("contract.key"), nullable=False),
        sa.Column("on", sa.Date),
        sa.Column("item", sa.Text),
        sa.Column("amount", Money, nullable=False),
        sa.Column("approver", sa.Integer, sa.ForeignKey("person.id")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_contract_change_contract", "contract_change", ["contract"])
    op.create_table(
        "warranty_card",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("site", sa.Text, sa.ForeignKey("site.key"), nullable=False),
        sa.Column("issued_on", sa.Date),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("scope", sa.Text),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_warranty_card_site", "warranty_card", ["site"])
    op.create_table(
        "equipment",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("calibrated_until", sa.Date),
        sqlite_with_rowid=False,
    )


def _sites_and_contracts() -> None:
    # in place: Alembic's own way for SQLite copies the table, and with it every row
    op.execute(
        "ALTER TABLE site ADD COLUMN project_manager INTEGER CONSTRAINT fk_site_project_manager REFERENCES person (id)"
    )
    op.add_column("site", sa.Column("final_paid_on", sa.Date))
    op.add_column("site", sa.Column("satisfaction", sa.Text))
    op.create_index("ix_site_crew", "site", ["crew"])
    op.add_column("contract", sa.Column("status", sa.Text, nullable=False, server_default="active"))
    op.add_column("contract", sa.Column("cancelled_on", sa.Date))
    op.add_column("contract", sa.Column("fen", Money))
    contract = sa.table("contract", sa.column("key", sa.Text), sa.column("amount", sa.Text), sa.column("fen", Money))
    amounts = op.get_bind().execute(sa.select(contract.c.key, contract.c.amount).where(contract.c.amount.is_not(None)))
    for key, text in amounts.all():
        op.execute(contract.update().where(contract.c.key == key).values(fen=_money(text)))
    op.drop_column("contract", "amount")
    op.execute("ALTER TABLE contract RENAME COLUMN fen TO amount")


def _money(text: str) -> Decimal | None:
    """What a text says; None where it is no sum that could be meant."""
    try:
        amount = Decimal(text)
        return amount.quantize(Decimal("0.01"), ROUND_HALF_UP) if abs(amount) * 100 < LARGEST else None
    except InvalidOperation:
        return None


def _ledger() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("id", HexId, primary_key=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("case_id", HexId),
        sa.Column("about", sa.Text),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ledger_entry_case_id", "ledger_entry", ["case_id"])
    op.create_table(
        "ledger_posting",
        sa.Column("entry", HexId, sa.ForeignKey("ledger_entry.id"), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("amount", Money, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ledger_posting_account", "ledger_posting", ["account", "amount"])


def _crews_costs() -> None:
    op.create_table(
        "repair_cost",
        sa.Column("id", HexId, primary_key=True),
        sa.Column("case_id", HexId, nullable=False),
        sa.Column("site", sa.Text, sa.ForeignKey("site.key"), nullable=False),
        sa.Column("crew", sa.Text, sa.ForeignKey("crew.key")),
        sa.Column("payer", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("labour", Money, nullable=False),
        sa.Column("material", Money, nullable=False),
        sa.Column("computed_at", UtcDateTime, nullable=False),
        sa.Column("signed_at", UtcDateTime),
        sa.Column("entry", HexId, sa.ForeignKey("ledger_entry.id")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_repair_cost_crew", "repair_cost", ["crew", "signed_at"])
    op.create_index("ix_repair_cost_case_id", "repair_cost", ["case_id"])
    op.create_index("ix_repair_cost_site", "repair_cost", ["site"])


def _people_and_sites() -> None:
    op.create_table(
        "suspension",
        sa.Column("id", HexId, primary_key=True),
        sa.Column("person", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("case_id", HexId),
        sa.Column("rule", sa.Text),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_suspension_person", "suspension", ["person", "until"])
    op.create_table(
        "fault_slip",
        sa.Column("id", HexId, primary_key=True),
        sa.Column("case_id", HexId, nullable=False),
        sa.Column("principal", sa.Text, nullable=False),
        sa.Column("person", sa.Integer, sa.ForeignKey("person.id")),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("grade", sa.Text),
        sa.Column("amount", Money),
        sa.Column("decided_at", UtcDateTime, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("bulletin_on", sa.Date),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_fault_slip_person", "fault_slip", ["person", "decided_at"])
    op.create_index("ix_fault_slip_case_id", "fault_slip", ["case_id"])
    op.create_table(
        "inspection",
        sa.Column("id", HexId, primary_key=True),
        sa.Column("case_id", HexId, nullable=False),
        sa.Column("site", sa.Text, sa.ForeignKey("site.key"), nullable=False),
        sa.Column("foreman", sa.Integer, sa.ForeignKey("person.id")),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("overall_rate", sa.Text),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("counted", sa.Boolean, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_inspection_site", "inspection", ["site", "at"])
    op.create_index("ix_inspection_case_id", "inspection", ["case_id"])


def _papers() -> None:
    op.create_table(
        "award",
        sa.Column("site", sa.Text, sa.ForeignKey("site.key"), primary_key=True),
        sa.Column("month", sa.Date, primary_key=True),
        sa.Column("amount", Money, nullable=False),
        sa.Column("score", sa.Text, nullable=False),
        sa.Column("foreman", sa.Integer, sa.ForeignKey("person.id")),
        sa.Column("foreman_share", Money, nullable=False),
        sa.Column("project_manager", sa.Integer, sa.ForeignKey("person.id")),
        sa.Column("project_manager_share", Money, nullable=False),
        sa.Column("case_id", HexId, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_award_month", "award", ["month"])
    op.create_table(
        "kept_paper",
        sa.Column("id", HexId, primary_key=True),
        sa.Column("case_id", HexId, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("kept_until", sa.Date, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_kept_paper_case_id", "kept_paper", ["case_id"])
    op.create_index("ix_kept_paper_holder", "kept_paper", ["holder", "kept_until"])
