"""Which sites of the demo are ready for what; a site that is inspected or given up is so once."""

from collections import defaultdict
from collections.abc import Sequence
from random import Random

from engine.demo.kinds import ALL, ANY
from engine.demo.names import Household


class Yard:
    """All households, by the state of their site."""

    def __init__(self, households: Sequence[Household], rng: Random) -> None:
        self.households = households
        self.by_site = {one.site["key"]: one for one in households}
        self.by_customer = {one.customer["key"]: one for one in households}
        by_state: dict[str, list[Household]] = defaultdict(list)
        for one in households:
            if one.site.get("crew") and one.site.get("project_manager") and one.site.get("designer"):
                by_state[one.state].append(one)
        self.reported = 0  # sites so far
        self._by_state = {state: rng.sample(found, len(found)) for state, found in by_state.items()}

    def site_for(self, kind: str, rng: Random) -> Household:
        """A household whose site such a case can be about; where it has it once, nobody else gets it then."""
        wanted = ALL[kind]
        if wanted.sites == ANY:
            return rng.choice(self.households)
        able = self._by_state.get(wanted.sites) or list(self.households)
        return able.pop() if wanted.once and len(able) > 1 else rng.choice(able)

    def next_for_inspection(self, most: int, rng: Random) -> list[Household]:
        """The sites that are reported for pre-acceptance this week."""
        able = self._by_state.get(ALL["inspection"].sites, [])
        number = max(0, min(most, len(able) - 1))
        self.reported += number
        return [self.site_for("inspection", rng) for _ in range(number)]
