"""What the item of a step for each of several stands for."""

from pathlib import Path

from engine.commands.deploy_procedure import DeployProcedure
from engine.executor import Engine
from engine.queries import items
from engine.stories import company
from engine.workflow.lint.folder import files_of, procedure_folders
from tests.factories import ADMIN

ROOT = Path(__file__).parents[3]


def test_an_item_is_a_person_only_where_the_list_is_of_people(engine: Engine) -> None:
    company.found(engine, company.read(ROOT / "processes" / "company.toml"))
    folders = {one.name: one for one in procedure_folders(ROOT / "processes")}
    deployed = {}
    for name in ("compensation-payment", "complaint-arbitration"):
        done = engine.execute(DeployProcedure(files=files_of(folders[name], ROOT / "forms")), ADMIN)
        deployed[name] = str(done.body["deployment"])

    with engine.read() as connection:
        paid, dates = deployed["compensation-payment"], deployed["complaint-arbitration"]
        assert items.principal(connection, paid, "wage_deduction", "17") == "person:17"
        assert items.principal(connection, paid, "wage_deduction", "head:design_dept") == "head:design_dept"
        assert items.principal(connection, dates, "remind_of_dates", "1") == "group:1"
        assert items.principal(connection, dates, None, "engineering_dept") == "group:engineering_dept"
