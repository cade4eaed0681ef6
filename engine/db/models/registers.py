"""The company's registers and its calendar."""

import sqlalchemy as sa

from engine.db.models.metadata import metadata

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
    sa.Index("ix_site_customer", "customer"),
)

contract = sa.Table(
    "contract",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("site", sa.Text, sa.ForeignKey("site.key"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),  # design, construction, materials
    sa.Column("signed_on", sa.Date),
    sa.Column("amount", sa.Text),  # decimal as text, CNY
    sa.Column("warranty_until", sa.Date),
    sa.Index("ix_contract_site", "site"),
)
