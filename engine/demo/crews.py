"""More crews for a demo that is larger than the company of the stories: foremen, and what we hold of their crews."""

from collections.abc import Mapping
from random import Random
from typing import Any

from engine.demo.names import name


def with_more(company: Mapping[str, Any], number: int, rng: Random) -> dict[str, Any]:
    """The company with so many crews besides, one in four for paving; each has a foreman and a retention."""
    taken = {one["name"] for one in company["people"].values()}
    people, crews, retentions = dict(company["people"]), list(company["crews"]), list(company["retentions"])
    for index in range(1, number + 1):
        login, crew, called = f"foreman_{index:02d}", f"crew_{index:02d}", name(rng, taken)
        people[login] = {
            "name": called,
            "phone": f"000-0001-{index:04d}",
            "groups": ["engineering_dept", "foreman", crew],
            "roles": ["staff"],
        }
        crews.append(
            {
                "key": crew,
                "name": f"{called}施工队",
                "name_en": f"Crew {index}",
                "kind": "paving" if index % 4 == 0 else "general",
                "foreman": login,
            }
        )
        held = rng.randrange(1_000, 20_000, 500)
        retentions.append({"crew": crew, "amount": f"{held}.00", "month": company["retentions"][0]["month"]})
    return {**company, "people": people, "crews": crews, "retentions": retentions}
