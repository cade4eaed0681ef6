"""客户, 工地, 合同: the company's registers to look things up in."""

from typing import Any

from flask import Blueprint, render_template, request

from engine.queries import people, registers
from web import identity
from web.permissions import EVERYONE, access

pages = Blueprint("registers", __name__, url_prefix="/registers")


@pages.get("/customers")
@access(EVERYONE)
def customers() -> Any:
    return _list("customer")


@pages.get("/sites")
@access(EVERYONE)
def sites() -> Any:
    return _list("site")


@pages.get("/contracts")
@access(EVERYONE)
def contracts() -> Any:
    return _list("contract")


@pages.get("/departments")
@access(EVERYONE)
def departments() -> Any:
    with identity.reading() as connection:
        found = people.groups(connection)
        names = people.names(connection, {f"person:{one['head']}" for one in found if one["head"]})
    return render_template("registers/departments.html", groups=found, names=names)


@pages.get("/people")
@access(EVERYONE)
def staff() -> Any:
    text = request.args.get("q", "").strip()[:100]
    with identity.reading() as connection:
        found = [one for one in people.people(connection) if one["active"] and text in one["name"]]
        groups = {one["key"]: one["name"] for one in people.groups(connection)}
    return render_template("registers/people.html", people=found, groups=groups, text=text)


@pages.get("/customers/<key>")
@access(EVERYONE)
def customer(key: str) -> Any:
    with identity.reading() as connection:
        found = registers.row(connection, "customer", key)
        places = registers.sites_of(connection, key)
        signed = registers.contracts_of(connection, key)
    return render_template("registers/customer.html", customer=found, sites=places, contracts=signed)


def _list(register: str) -> str:
    text, after = request.args.get("q", "").strip()[:100], request.args.get("after", "")[:100]
    with identity.reading() as connection:
        found = registers.rows(connection, register, text=text, after=after)
    full = len(found) == registers.PAGE
    return render_template("registers/list.html", register=register, rows=found, text=text, full=full)
