"""Write down what a repair cost (procedures.md 3.9, K9; 3.10)."""

from decimal import Decimal

from engine.errors import OperationFailed
from engine.registers import costs, money
from engine.service_tasks.registry import Occasion, Result, operation


@operation(
    parameters={
        **{"site": True, "crew": True, "payer": True, "labour": True},
        **{"scope": False, "material": False, "signed": False},
    },
    results=frozenset({"cost", "labour", "material", "total"}),
)
def record_repair_cost(
    occasion: Occasion,
    *,
    site: str,
    crew: str | None,
    payer: str,
    labour: str,
    scope: str | None = None,
    material: str | None = None,
    signed: bool = False,
) -> Result:
    """Add a cost: labour, and what main or auxiliary material cost where it was replaced.

    What the case computed before and nobody signed is dropped: a signatory who rejects has it reckoned anew.

    Args:
        payer: crew (from its retention at the month's end), customer or company.
        labour, material: Yuan as text.
        scope: normal (no material) or non_normal; None: as the material says.
        signed: Whether the one who computed it is the last who has to sign.
    Returns:
        `cost`: the id of its row; `labour`, `material` and their `total` in yuan as text.
    Raises:
        OperationFailed: A normal repair with material, no cost at all, or no crew that would bear it.
    """
    connection = occasion.connection
    assert connection is not None  # not a job
    wages, goods = money.fen(labour), money.fen(material or 0)
    kind = scope or (costs.NON_NORMAL if goods else costs.NORMAL)
    _require(wages, goods, kind, crew if payer == costs.CREW else site)
    costs.drop_unsigned(connection, occasion.case_id)
    cost = occasion.id("cost")
    costs.put(
        connection,
        id=cost,
        case_id=occasion.case_id,
        site=site,
        crew=crew,
        payer=payer,
        scope=kind,
        labour=wages,
        material=goods,
        computed_at=occasion.now,
    )
    if signed:
        costs.sign(connection, cost, occasion.now)
    total = money.text(wages + goods)
    return {"cost": cost, "labour": money.text(wages), "material": money.text(goods), "total": total}


def _require(labour: Decimal, material: Decimal, scope: str, bearer: str | None) -> None:
    if scope == costs.NORMAL and material:
        reason = "a normal repair adds no material"
    elif labour < 0 or material < 0 or not labour + material:
        reason = "a repair costs something"
    elif bearer is None:
        reason = "nobody is there to bear it"
    else:
        return
    raise OperationFailed(operation="record_repair_cost", reason=reason)
