"""A small company for the registers: two crews of which one has left, two sites, a contract with changes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from engine.db.models import (
    contract,
    contract_change,
    crew,
    customer,
    equipment,
    group_,
    membership,
    person,
    site,
    warranty_card,
)
from engine.db.session import Store
from engine.service_tasks.registry import Occasion

NOW = datetime(2025, 9, 29, 2, 0, tzinfo=UTC)  # Monday, 10:00 in the office
TIE_ZHU, MU_GONG, QIU_SHAN, WU_KAI, TANG_YI = range(1, 6)
CASE = "c0" * 16


@pytest.fixture(autouse=True)
def company(store: Store) -> None:
    """Tie Zhu leads a crew, Mu Gong is a foreman without one, Qiu Shan's crew has left; Wu Kai manages projects."""
    names = {TIE_ZHU: "tie_zhu", MU_GONG: "mu_gong", QIU_SHAN: "qiu_shan", WU_KAI: "wu_kai", TANG_YI: "tang_yi"}
    groups = {"foreman": "group", "project_manager": "group", "crew_tie_zhu": "crew", "crew_qiu_shan": "crew"}
    members = [(TIE_ZHU, "foreman"), (MU_GONG, "foreman"), (QIU_SHAN, "foreman"), (WU_KAI, "project_manager")]
    with store.write() as connection:
        people = [{"id": n, "username": name, "name": name, "roles": [], "active": True} for n, name in names.items()]
        connection.execute(person.insert(), people)
        connection.execute(group_.insert(), [{"key": k, "kind": kind, "name": k} for k, kind in groups.items()])
        connection.execute(membership.insert(), [{"person_id": p, "group_key": g} for p, g in members])
        connection.execute(crew.insert(), {"key": "crew_tie_zhu", "foreman": TIE_ZHU})
        left = {"foreman": QIU_SHAN, "state": "departed", "departed_on": date(2025, 6, 30)}
        connection.execute(crew.insert(), {"key": "crew_qiu_shan", **left})
        connection.execute(customer.insert(), {"key": "K-1", "name": "林婉清"})
        for key, more in {
            "S-1": {"crew": "crew_tie_zhu", "foreman": TIE_ZHU, "project_manager": WU_KAI, "designer": TANG_YI},
            "S-2": {"foreman": QIU_SHAN, "completed_on": date(2025, 1, 15)},
        }.items():
            connection.execute(site.insert(), {"key": key, "customer": "K-1", "address": "枫林苑 3 栋", **more})
        row = {"key": "C-1", "site": "S-1", "kind": "construction", "amount": Decimal("120000.00")}
        connection.execute(contract.insert(), {**row, "warranty_until": date(2027, 8, 20)})
        changes = [{"key": k, "contract": "C-1", "amount": Decimal(a)} for k, a in {"B-1": 8000, "B-2": -3000}.items()]
        connection.execute(contract_change.insert(), changes)
        connection.execute(warranty_card.insert(), {"key": "W-1", "site": "S-2", "until": date(2025, 9, 29)})
        tools = [("E-1", date(2025, 9, 29)), ("E-2", date(2025, 9, 28)), ("E-3", None)]
        connection.execute(equipment.insert(), [{"key": k, "name": k, "calibrated_until": until} for k, until in tools])
        connection.commit()


@pytest.fixture
def writing(store: Store) -> Callable[[], "contextmanager[sa.Connection]"]:
    """A transaction that is committed."""

    @contextmanager
    def begin() -> Iterator[sa.Connection]:
        with store.write() as connection:
            yield connection
            connection.commit()

    return begin  # type: ignore[return-value]


@pytest.fixture
def occasion(store: Store) -> Iterator[Callable[..., Occasion]]:
    """Make occasions on one open transaction, which is committed in the end."""
    with store.write() as connection:
        count = iter(range(100))

        def make(now: datetime = NOW) -> Occasion:
            key = f"{CASE}:1:{next(count)}"
            return Occasion(connection=connection, case_id=CASE, now=now, actor="person:9", key=key)

        yield make
        connection.commit()
