"""A stage for stories: one installation with the company in it, copied for each story."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from engine import clock
from engine.bootstrap import build_engine
from engine.commands.deploy_procedure import DeployProcedure
from engine.db import migrate, session
from engine.executor import Engine
from engine.settings import Settings
from engine.stories import company
from engine.stories.cast import cast
from engine.stories.driver import Playing, play
from engine.stories.parameters import changed
from engine.stories.story import Story
from engine.workflow.lint.folder import called_folders, files_of

SETTLING_IN = timedelta(minutes=1)  # between publishing and a story's start


def prepare(settings: Settings, founded_from: Path) -> None:
    """Make the schema, if it is SQLite, and bring the company in."""
    database = session.connect(settings.url)
    migrate.upgrade(database)
    database.dispose()
    engine = build_engine(settings)
    company.found(engine, company.read(founded_from))
    engine.store.close()


@contextmanager
def copied(template: Path, folder: Path) -> Iterator[Engine]:
    """An engine on a copy of a prepared SQLite database."""
    path = folder / "renoflow.db"
    shutil.copy(template, path)
    with opened(Settings(database_url=f"sqlite:///{path}", var=folder, job_tries=3)) as engine:
        yield engine
    path.unlink()


@contextmanager
def opened(settings: Settings) -> Iterator[Engine]:
    """The engine of an installation, closed in the end."""
    engine = build_engine(settings)
    try:
        yield engine
    finally:
        engine.store.close()


def perform(story: Story, engine: Engine) -> Playing:
    """Publish what the story needs, as it is in the folders, and play it."""
    publish(story, engine)
    return play(story, engine, company.actors(engine))


def publish(story: Story, engine: Engine) -> None:
    """Bring in what a story needs, procedures and its own rows of the registers, shortly before it starts."""
    folder = story.path.parent.parent
    forms = folder.parent.parent / "forms"
    with clock.hold(story.start.at - SETTLING_IN):
        for one in _in_order(cast(story)):
            files = changed(files_of(one, forms), one.name, story)
            engine.execute(DeployProcedure(files=files), company.OPERATOR)
        people = company.actors(engine)
        ids = {login: int(actor.key.removeprefix("person:")) for login, actor in people.items()}
        for register, row in story.registers:
            company.put_row(engine, register, row, ids)


def _in_order(folders: list[Path]) -> list[Path]:
    """Those that are called before those that call them."""
    return sorted(folders, key=lambda folder: len(called_folders(folder)))
