"""Two stories of the penalty slip, one that holds and one that does not, in a folder with a small company."""

import shutil
from pathlib import Path

from engine.stories import company

CHECKOUT = Path(__file__).parents[3]
PROCEDURE = "penalty-slip"
STORY = "rejected.toml"


def two_stories(data: Path) -> Path:
    """Write processes/company.toml and the stories into a folder; gives it."""
    stories = data / "processes" / PROCEDURE / "scenarios"
    stories.mkdir(parents=True)
    (data / "processes" / "company.toml").write_text(small_company(), encoding="utf-8")
    source = CHECKOUT / "processes" / PROCEDURE / "scenarios" / STORY
    shutil.copy(source, stories)
    wrong = source.read_text(encoding="utf-8").replace('open = ["confirm_penalty"]', 'open = ["inform_employee"]')
    assert "inform_employee" in wrong
    (stories / "wrong.toml").write_text(wrong, encoding="utf-8")
    return data


def small_company() -> str:
    """All groups, and the three whom the story names."""
    whole = company.read(CHECKOUT / "processes" / "company.toml")
    groups = [
        f'[groups.{key}]\nname = "{one["name"]}"\nkind = "{one["kind"]}"\n' for key, one in whole["groups"].items()
    ]
    people = [
        f'[people.{login}]\nname = "{one["name"]}"\ngroups = {one["groups"]}\n'
        for login, one in whole["people"].items()
        if login in ("chen_siyu", "lin_xiaomei", "wu_kai")
    ]
    return "".join(groups + people)
