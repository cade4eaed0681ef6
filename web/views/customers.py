"""客户: one customer with everything that happened, over all procedures."""

from typing import Any

from flask import Blueprint, render_template, request

from engine import authorization
from engine.commands.show_customer_number import ShowCustomerNumber
from engine.queries import definitions
from web import case_list, customer_view, identity, noting, register_words
from web.permissions import EVERYONE, STAFF, access

pages = Blueprint("customers", __name__, url_prefix="/customers")


@pages.get("/<key>")
@access(EVERYONE)
def page(key: str) -> Any:
    return _page(key)


@pages.post("/<key>/number")
@access(STAFF)
def show_number(key: str) -> Any:
    """Show the masked number, and put on record who saw it."""
    identity.execute(ShowCustomerNumber(customer=key))
    noting.note("number", subject=f"customer:{key}")
    return _page(key, shown=True)


def _page(key: str, shown: bool = False) -> str:
    actor = identity.actor()
    money = authorization.sees_money(actor)
    asked = case_list.read(request.args)
    chosen = request.args.get("kind", "")[:100]
    with identity.reading() as connection:
        found = customer_view.view(connection, key, chosen, asked.after, money=money)
        may_start = [one for one in definitions.procedures(connection, actor) if one.may_start and one.by_hand]
    noting.note("customer", subject=f"customer:{found.row['key']}")
    houses = [customer_view.facts_of_house(house, found.words) for house in found.houses]
    return render_template(
        "registers/customer.html",
        view=found,
        customer=found.row,
        houses=houses,
        money=money,
        shown=shown,
        may_start=may_start,
        called=register_words.called,
    )
