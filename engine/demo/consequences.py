"""What people do outside of a case because of what was done in it: the registers are kept, a foreman asks for money."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from engine.clock import OFFICE
from engine.commands.put_register_row import PutRegisterRow
from engine.demo.names import CONTENT, SCOPE, WARRANTY
from engine.demo.plans import Plan

if TYPE_CHECKING:
    from engine.demo.simulation import Simulation

COMPLETED, SETTLED = (1, 5), (3, 9)  # days after a site has passed its pre-acceptance


class Consequences:
    """What follows from a task that was completed, and when."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.rng = simulation.rng

    def of(self, element: str, plan: Plan, now: datetime) -> None:
        """Put on the agenda what follows."""
        if element == "issue_proof":
            self.simulation.at(self._after(now, COMPLETED), lambda at: self._complete(plan, at))
            self.simulation.at(self._after(now, SETTLED), lambda at: self._settle(plan, at))

    def _after(self, now: datetime, days: tuple[int, int]) -> datetime:
        return now + timedelta(days=self.rng.uniform(*days))

    def _complete(self, plan: Plan, now: datetime) -> None:
        """The customer has paid and says how content he is; the site is complete and gets its warranty card."""
        site, today = plan.household.site["key"], now.astimezone(OFFICE).date()
        day, until = today.isoformat(), (today + WARRANTY).isoformat()
        facts = {"completed_on": day, "final_paid_on": day, "satisfaction": self.rng.choice(CONTENT)}
        self._put("site", site, facts)
        card = {"site": site, "issued_on": day, "until": until, "scope": SCOPE}
        self._put("warranty_card", f"W-{site}", card, new=True)

    def _put(self, register: str, key: str, values: dict[str, Any], *, new: bool = False) -> None:
        command = PutRegisterRow(register=register, key=key, values=values, new=new)
        self.simulation.engine.execute(command, self.simulation.registrar)

    def _settle(self, plan: Plan, now: datetime) -> None:
        """The foreman asks for his money."""
        begun = self.simulation.deck.plan("settlement", now)
        begun.household = plan.household
        self.simulation.start(begun, now)
