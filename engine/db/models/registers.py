"""What the company keeps of the things it deals with, and its calendar; what happened to them is in `books`."""

import sqlalchemy as sa

from engine.db.models.metadata import COMPOSITE_KEY, metadata
from engine.db.types import Money

calendar_day = sa.Table(
    "calendar_day",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("working", sa.Boolean, nullable=False),  # False: holiday on a weekday; True: make-up day on a weekend
    sa.Column("name", sa.Text, nullable=False),
)

calendar_year = sa.Table(
    "calendar_year",
    metadata,
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("published", sa.Boolean, nullable=False),  # False: provisional, weekends only
)

customer = sa.Table(
    "customer",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("phone", sa.Text),
    sa.Column("address", sa.Text),
    sa.Column("grade", sa.Text),  # A, B, C
    sa.Column("note", sa.Text),
    sa.Index("ix_customer_name", "name"),
    sa.Index("ix_customer_phone", "phone"),
)

crew = sa.Table(
    "crew",
    metadata,
    sa.Column("key", sa.Text, sa.ForeignKey("group_.key"), primary_key=True),  # its people are the group's members
    sa.Column("foreman", sa.Integer, sa.ForeignKey("person.id")),
    sa.Column("kind", sa.Text, nullable=False, server_default="general"),  # general, paving
    sa.Column("state", sa.Text, nullable=False, server_default="active"),  # active, departed
    sa.Column("departed_on", sa.Date),
    sa.Index("ix_crew_foreman", "foreman"),
    **COMPOSITE_KEY,
)

site = sa.Table(
    "site",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("customer", sa.Text, sa.ForeignKey("customer.key"), nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("crew", sa.Text),  # group key
    sa.Column("foreman", sa.Integer, sa.ForeignKey("person.id")),
    sa.Column("designer", sa.Integer, sa.ForeignKey("person.id")),
    sa.Column("started_on", sa.Date),
    sa.Column("completed_on", sa.Date),
    sa.Column("project_manager", sa.Integer, sa.ForeignKey("person.id")),
    sa.Column("final_paid_on", sa.Date),
    sa.Column("satisfaction", sa.Text),  # dissatisfied, satisfied, very_satisfied
    sa.Index("ix_site_customer", "customer"),
    sa.Index("ix_site_crew", "crew"),
)

contract = sa.Table(
    "contract",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("site", sa.Text, sa.ForeignKey("site.key"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),  # design, construction, materials
    sa.Column("signed_on", sa.Date),
    sa.Column("warranty_until", sa.Date),
    sa.Column("amount", Money),
    sa.Column("status", sa.Text, nullable=False, server_default="active"),  # active, cancelled
    sa.Column("cancelled_on", sa.Date),
    sa.Index("ix_contract_site", "site"),
)

contract_change = sa.Table(
    "contract_change",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("contract", sa.Text, sa.ForeignKey("contract.key"), nullable=False),
    sa.Column("on", sa.Date),
    sa.Column("item", sa.Text),
    sa.Column("amount", Money, nullable=False),  # an addition is above 0, a deduction below
    sa.Column("approver", sa.Integer, sa.ForeignKey("person.id")),
    sa.Index("ix_contract_change_contract", "contract"),
    **COMPOSITE_KEY,
)

warranty_card = sa.Table(
    "warranty_card",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("site", sa.Text, sa.ForeignKey("site.key"), nullable=False),
    sa.Column("issued_on", sa.Date),
    sa.Column("until", sa.Date, nullable=False),  # the last day under warranty
    sa.Column("scope", sa.Text),
    sa.Index("ix_warranty_card_site", "site"),
    **COMPOSITE_KEY,
)

equipment = sa.Table(
    "equipment",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("calibrated_until", sa.Date),  # the last day on which it may be used (T-74)
    **COMPOSITE_KEY,
)
