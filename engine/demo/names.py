"""Customers, sites and contracts of the demo company: invented, and recognisable by their phone numbers (000-…)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜谢邹苏潘葛范彭鲁韦马苗方俞任袁柳史唐费薛雷贺倪汤"
)
FIRST = "子雨欣文思嘉佳明晓雅静志海建国伟丽秀玉春秋若书云清景安乐可宇浩梓"
SECOND = (
    "涵",
    "轩",
    "琪",
    "萱",
    "航",
    "宁",
    "悦",
    "彤",
    "林",
    "峰",
    "敏",
    "兰",
    "杰",
    "娜",
    "平",
    "辉",
    "雯",
    "阳",
    "霞",
    "",
)
ESTATES = (
    "枫林苑",
    "翠湖花园",
    "云栖里",
    "锦绣城",
    "南山雅居",
    "望江台",
    "星河湾里",
    "桂花坊",
    "听松小区",
    "明月府",
    "西溪别院",
)
KINDS = ("construction", "construction", "construction", "design", "materials")
WARRANTY = timedelta(days=730)
FIRST_INVENTED = 101  # its number: those of company.toml come before


@dataclass(frozen=True)
class Household:
    """A customer with site and contract: register rows, `key` among them."""

    customer: dict[str, Any]
    site: dict[str, Any]
    contract: dict[str, Any]


def households(company: dict[str, Any], number: int, rng: Random, today: date) -> Iterator[Household]:
    """Those of company.toml, and invented ones up to the number of customers wanted; people are logins."""
    sites = {row["customer"]: row for row in company["sites"]}
    contracts = {row["site"]: row for row in company["contracts"]}
    for customer in company["customers"]:
        site = sites.get(customer["key"])
        if site is not None and site["key"] in contracts:
            yield Household(customer, site, contracts[site["key"]])
    staff = {group: _members(company, group) for group in ("foreman", "designer", "project_manager")}
    crews = {one["foreman"]: one["key"] for one in company["crews"]}
    taken = {customer["name"] for customer in company["customers"]}
    for index in range(number - len(company["customers"])):
        household = _household(FIRST_INVENTED + index, _name(rng, taken), rng, today, staff)
        if household.site["foreman"] in crews:
            household.site["crew"] = crews[household.site["foreman"]]
        yield household


def _members(company: dict[str, Any], group: str) -> list[str]:
    return [login for login, one in company["people"].items() if group in one["groups"]]


def _name(rng: Random, taken: set[str]) -> str:
    while True:
        name = rng.choice(SURNAMES) + rng.choice(FIRST) + rng.choice(SECOND)
        if name not in taken:
            taken.add(name)
            return name


def _household(index: int, name: str, rng: Random, today: date, staff: Mapping[str, Sequence[str]]) -> Household:
    address = f"{rng.choice(ESTATES)} {rng.randint(1, 28)} 栋 {rng.randint(1, 26)}{rng.randint(1, 4):02d}"
    started = today - timedelta(days=rng.randint(20, 700))
    completed = started + timedelta(days=rng.randint(70, 160))
    customer = {
        "key": f"K-{index:03d}",
        "name": name,
        "phone": f"000-1000-{index:04d}",
        "address": address,
        "grade": rng.choice("AABBBC"),
    }
    site: dict[str, Any] = {
        "key": f"S-{index:03d}",
        "customer": customer["key"],
        "address": address,
        **{group: rng.choice(members) for group, members in staff.items()},
        "started_on": started,
    }
    contract: dict[str, Any] = {
        "key": f"C-{index:03d}",
        "site": site["key"],
        "kind": rng.choice(KINDS),
        "amount": f"{rng.randrange(28_000, 260_000, 100)}.00",
        "signed_on": started - timedelta(days=rng.randint(10, 40)),
    }
    if completed < today:
        site["completed_on"] = completed
        contract["warranty_until"] = completed + WARRANTY
    return Household(customer, site, contract)
