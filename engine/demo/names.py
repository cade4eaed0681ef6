"""Customers with their sites and contracts in the demo: invented, and recognisable by their phone numbers (000-…)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from engine.demo.kinds import BUILDING, DEPARTED, EXPIRED, GUARANTEED

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
ITEMS = (
    ("厨房加做吊柜", 1),
    ("卫生间加地暖", 1),
    ("阳台加做防水", 1),
    ("取消书房踢脚线", -1),
    ("客厅吊顶改为石膏线", -1),
)
SCOPE = "隐蔽工程、防水、饰面"
CONTENT = ("satisfied", "satisfied", "very_satisfied", "dissatisfied")
WARRANTY = timedelta(days=730)
STILL_BUILT = 0.35  # how many sites are
LEFT_BEHIND = 0.3  # how many sites, of those completed before a crew departed, were built by it
EQUIPMENT = "E-101"
FIRST_INVENTED = 101  # its number: those of company.toml come before


@dataclass(frozen=True)
class Household:
    """A customer with site and contract, perhaps changes of it and a warranty card: register rows, `key` among them.

    `state` of the site when the demo begins, of `kinds`.
    """

    customer: dict[str, Any]
    site: dict[str, Any]
    contract: dict[str, Any]
    changes: tuple[dict[str, Any], ...] = ()
    cards: tuple[dict[str, Any], ...] = ()
    state: str = BUILDING

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Block of company.toml → rows."""
        one = {"customers": [self.customer], "sites": [self.site], "contracts": [self.contract]}
        return one | {"contract_changes": list(self.changes), "warranty_cards": list(self.cards)}


def households(company: Mapping[str, Any], number: int, rng: Random, today: date) -> Iterator[Household]:
    """Those of company.toml, and invented ones up to the number of customers wanted; people are logins."""
    sites = {row["customer"]: row for row in company["sites"]}
    contracts = {row["site"]: row for row in company["contracts"]}
    for customer in company["customers"]:
        site = sites.get(customer["key"])
        if site is not None and site["key"] in contracts:
            contract = contracts[site["key"]]
            yield Household(
                customer, site, contract, state=_state(company, site, contract.get("warranty_until"), today)
            )
    taken = {customer["name"] for customer in company["customers"]}
    for index in range(number - len(company["customers"])):
        yield _household(FIRST_INVENTED + index, name(rng, taken), rng, today, company)


def equipment(today: date) -> dict[str, Any]:
    """What pre-acceptance is measured with, calibrated for as long as the demo lasts."""
    return {"key": EQUIPMENT, "name": "预验收检测箱", "calibrated_until": today + timedelta(days=500)}


def name(rng: Random, taken: set[str]) -> str:
    """A name that nobody has yet; it is taken then."""
    while True:
        name = rng.choice(SURNAMES) + rng.choice(FIRST) + rng.choice(SECOND)
        if name not in taken:
            taken.add(name)
            return name


def _state(company: Mapping[str, Any], site: Mapping[str, Any], warranty_until: date | None, today: date) -> str:
    if "completed_on" not in site:
        return BUILDING
    if _departed(company).get(site.get("crew")) is not None:
        return DEPARTED
    return GUARANTEED if warranty_until is not None and warranty_until > today + timedelta(days=90) else EXPIRED


def _departed(company: Mapping[str, Any]) -> dict[Any, Mapping[str, Any]]:
    return {one["key"]: one for one in company["crews"] if one.get("state") == "departed"}


def _household(index: int, called: str, rng: Random, today: date, company: Mapping[str, Any]) -> Household:
    built = rng.random() < STILL_BUILT
    started = today - timedelta(days=rng.randint(20, 130) if built else rng.randint(150, 1100))
    completed = None if built else min(started + timedelta(days=rng.randint(70, 140)), today - timedelta(days=1))
    address = f"{rng.choice(ESTATES)} {rng.randint(1, 28)} 栋 {rng.randint(1, 26)}{rng.randint(1, 4):02d}"
    customer = {
        "key": f"K-{index:03d}",
        "name": called,
        "phone": f"000-1000-{index:04d}",
        "address": address,
        "grade": rng.choice("AABBBC"),
    }
    site: dict[str, Any] = {
        "key": f"S-{index:03d}",
        "customer": customer["key"],
        "address": address,
        **_staff(company, rng, completed),
        "started_on": started,
    }
    contract: dict[str, Any] = {
        "key": f"C-{index:03d}",
        "site": site["key"],
        "kind": "construction" if built else rng.choice(KINDS),
        "amount": f"{rng.randrange(28_000, 260_000, 100)}.00",
        "signed_on": started - timedelta(days=rng.randint(10, 40)),
    }
    cards: tuple[dict[str, Any], ...] = ()
    if completed is not None:
        paid = min(completed + timedelta(days=rng.randint(2, 20)), today)
        site |= {"completed_on": completed, "final_paid_on": paid, "satisfaction": rng.choice(CONTENT)}
        contract["warranty_until"] = completed + WARRANTY
        cards = (_card(index, site["key"], paid, completed),)
    state = _state(company, site, contract.get("warranty_until"), today)
    return Household(customer, site, contract, _changes(index, rng, contract, site), cards, state)


def _staff(company: Mapping[str, Any], rng: Random, completed: date | None) -> dict[str, Any]:
    """Who worked at a site; the foreman with his crew."""
    left = [one for one in company["crews"] if one.get("state") == "departed"]
    left = [one for one in left if completed is not None and completed < one["departed_on"]]
    active = [one for one in company["crews"] if one.get("state") != "departed"]
    crew = rng.choice(left if left and rng.random() < LEFT_BEHIND else active)
    others = {group: rng.choice(_members(company, group)) for group in ("designer", "project_manager")}
    return {"foreman": crew["foreman"], "crew": crew["key"], **others}


def _members(company: Mapping[str, Any], group: str) -> list[str]:
    return [login for login, one in company["people"].items() if group in one["groups"]]


def _changes(
    index: int, rng: Random, contract: Mapping[str, Any], site: Mapping[str, Any]
) -> tuple[dict[str, Any], ...]:
    """Additions and deductions of a contract: most have none."""
    found = []
    for n, (item, sign) in enumerate(rng.sample(ITEMS, rng.choice((0, 0, 0, 1, 2)))):
        found.append(
            {
                "key": f"B-{index:03d}{n}",
                "contract": contract["key"],
                "on": site["started_on"] + timedelta(days=rng.randint(3, 15)),
                "item": item,
                "amount": f"{sign * rng.randrange(600, 9_000, 100)}.00",
                "approver": site["project_manager"],
            }
        )
    return tuple(found)


def _card(index: int, site: str, issued: date, completed: date) -> dict[str, Any]:
    return {"key": f"W-{index:03d}", "site": site, "issued_on": issued, "until": completed + WARRANTY, "scope": SCOPE}
