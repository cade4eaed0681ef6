"""Every story of processes/ on both stores, and that together they walk every path."""

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import psycopg
import pytest
from click.testing import CliRunner

from engine.cli import main
from engine.commands.start_process import StartProcess
from engine.errors import FormRejected
from engine.settings import ROOT, Settings
from engine.stories import company, story, theatre
from engine.stories.chronicle import chronicle

PROCESSES = ROOT / "processes"
STORIES = list(story.find([PROCESSES]))
GOLDEN = Path(__file__).parent / "golden"  # what each story's cases did, command by command; `make golden` writes them


@pytest.fixture(scope="session")
def founded(
    postgres_server: Callable[[str], str], postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The name of a PostgreSQL database with the company in it, to be copied."""
    name = f"company_{uuid4().hex}"
    _copy(postgres_server, postgres_template, name)
    settings = Settings(database_url=postgres_server(name), var=tmp_path_factory.mktemp("company"))
    theatre.prepare(settings, PROCESSES / "company.toml")
    return name


@pytest.fixture
def installation(founded: str, postgres_server: Callable[[str], str], tmp_path: Path) -> Iterator[Settings]:
    """A copy of the company for one story."""
    name = f"story_{uuid4().hex}"
    _copy(postgres_server, founded, name)
    yield Settings(database_url=postgres_server(name), var=tmp_path, job_tries=3)
    with psycopg.connect(postgres_server("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name}".encode())


def _copy(server: Callable[[str], str], template: str, name: str) -> None:
    with psycopg.connect(server("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())


@pytest.mark.postgres
@pytest.mark.parametrize("path", STORIES, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_a_story_goes_as_it_says_on_postgresql(path: Path, installation: Settings) -> None:
    with theatre.opened(installation) as engine:
        played = theatre.perform(story.load(path), engine)
        with engine.read() as connection:
            told = chronicle(connection)

    assert played.now == (played.story.deeds or [played.story.start])[-1].at
    recorded = GOLDEN / path.parent.parent.name / f"{path.stem}.txt"
    if os.environ.get("RENOFLOW_REWRITE_GOLDEN"):
        recorded.parent.mkdir(parents=True, exist_ok=True)
        recorded.write_text(told, encoding="utf-8")
    assert recorded.is_file(), "no record of this story: make golden"
    assert told == recorded.read_text(encoding="utf-8"), "the story's commands have changed: see make golden"


@pytest.mark.postgres
def test_of_two_who_end_one_contract_at_once_one_is_told_at_the_contract(installation: Settings) -> None:
    told = story.load(PROCESSES / "contract-termination" / "scenarios" / "two-at-once.toml")

    def apply(contract: str, together: Barrier) -> str:
        together.wait()
        try:
            values = {"contract": contract, "reason": "客户工作调动。"}
            engine.execute(StartProcess(procedure="contract-termination", values=values), who)
        except FormRejected as rejected:
            return str(rejected.context["errors"]["contract"][0])
        return "begun"

    with theatre.opened(installation) as engine, ThreadPoolExecutor(2) as people:
        theatre.publish(told, engine)
        who = company.actors(engine)["su_wen"]
        for contract in (f"C-{number:03}" for number in (1, 2, 3, 4, 5, 7, 8)):
            together = Barrier(2)
            answers = sorted(people.map(apply, [contract] * 2, [together] * 2))
            assert answers == ["begun", "form.contract_to_end"], contract


def test_the_stories_pass_and_walk_every_flow_timer_and_rule() -> None:
    result = CliRunner().invoke(main, ["story", "run", "--coverage", str(PROCESSES)])
    assert result.exit_code == 0, result.output + result.stderr


def test_a_story_that_does_not_hold_is_reported_with_its_step(tmp_path: Path) -> None:
    folder = tmp_path / "processes" / "penalty-slip"
    shutil.copytree(PROCESSES / "penalty-slip", folder, ignore=shutil.ignore_patterns("scenarios"))
    shutil.copytree(ROOT / "forms" / "penalty-slip", tmp_path / "forms" / "penalty-slip")
    shutil.copy(PROCESSES / "company.toml", tmp_path / "processes")
    broken = folder / "scenarios" / "broken.toml"
    broken.parent.mkdir()
    source = (PROCESSES / "penalty-slip" / "scenarios" / "confirmed.toml").read_text(encoding="utf-8")
    more = '\n[[step]]\nafter = "1d"\ndo = "wait"\nexpect = { status = "nowhere" }\n'
    broken.write_text(source + more, encoding="utf-8")

    result = CliRunner().invoke(main, ["story", "run", "--data", str(tmp_path), str(broken)])

    assert result.exit_code == 1
    assert "nowhere" in result.stderr
