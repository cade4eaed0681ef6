"""流程说明: everyone reads every procedure in plain words, in both languages, as it is in force or as it once was."""

import re

import pytest

from engine.commands.deploy_procedure import DeployProcedure
from engine.stories import company
from engine.workflow.lint.folder import called_folders, files_of, procedure_folders
from tests.web import stage

INTERNAL = re.compile(r"\b[a-z]+_[a-z]\w*|\b[a-z]+\(|\binput\.")
SHOWN = re.compile(r"<main.*?</main>", re.S)


def text_of(html: str) -> str:
    """What a reader sees of the page's main part."""
    main = SHOWN.search(html)
    assert main is not None
    return re.sub(r"<[^>]*>", " ", main[0])


@pytest.fixture
def whole(office):
    """The company with all its procedures."""
    folders = procedure_folders(stage.ROOT / "processes")
    for folder in sorted(folders, key=lambda one: (len(called_folders(one)), one.name)):
        office.engine.execute(DeployProcedure(files=files_of(folder, stage.ROOT / "forms")), company.OPERATOR)
    return office


def test_every_procedure_is_explained_without_an_expression_or_an_id(whole):
    client = whole.visit("tang_yi")
    procedures = sorted(set(re.findall(r'href="/manual/([a-z-]+)"', client.get("/manual/").text)))

    assert len(procedures) >= 38
    for language in ("zh_CN", "en"):
        client.set_cookie("language", language)
        for procedure in procedures:
            shown = text_of(client.get(f"/manual/{procedure}").text)
            assert not INTERNAL.search(shown), f"{procedure} {language}: {INTERNAL.findall(shown)}"
            assert client.get(f"/manual/{procedure}/picture").mimetype == "image/svg+xml"


def test_an_older_version_says_that_it_is_one(office):
    files = dict(next(one for one in stage.deployments() if "complaint-round.bpmn" in one))
    files["procedure.toml"] = files["procedure.toml"].replace(b"value = 24", b"value = 8")
    office.engine.execute(DeployProcedure(files=files), company.OPERATOR)
    client = office.visit("chen_siyu")

    now, before = (client.get(f"/manual/complaint-round{query}").text for query in ("", "?version=1"))

    assert "交办后 8 小时" in now and "旧版" not in now
    assert "交办后 24 小时" in before and "旧版，用于当时开始的案件" in before


@pytest.mark.parametrize(
    "address", ["/manual/no-such", "/manual/complaint-round?version=99", "/manual/complaint-round?version=x"]
)
def test_what_is_not_there_is_not_found(office, address):
    assert office.visit("chen_siyu").get(address).status_code == 404


def test_a_draft_is_for_owners(office):
    assert office.visit("chen_siyu").get("/manual/complaint-round?version=draft").status_code == 404


def test_a_case_leads_to_the_version_that_it_runs(office):
    case = stage.start(office.engine, office.people)

    assert 'href="/manual/complaint-handling?version=1"' in office.visit("chen_siyu").get(f"/cases/{case}").text


def test_a_task_leads_to_the_version_that_its_case_runs(office):
    case = stage.start(office.engine, office.people)
    task = stage.open_task(office.engine, case)

    assert 'href="/manual/complaint-handling?version=1"' in office.visit("chen_siyu").get(f"/tasks/{task}").text
