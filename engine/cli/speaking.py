"""What the commands of the command line share: how they speak, how they end, how they come to the engine.

Standard output is for programs (`--json`) and for what was asked; messages and progress go to standard error. Exit 0:
good; 1: problems found; 2: wrong use.
"""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
import structlog
from sqlalchemy.exc import DBAPIError

from engine.errors import EngineError, InvalidSetting
from engine.messages import say
from engine.settings import Settings

if TYPE_CHECKING:
    from engine.executor import Engine

JSON = click.option("--json", "as_json", is_flag=True, help="机器可读 / for programs")


def tell(text: str) -> None:
    """Say something to the person at the keyboard."""
    click.echo(text, err=True)


def tell_error(error: EngineError) -> None:
    """Say what the engine refused or failed at, in both languages."""
    tell(f"{say(error.code, 'zh', **error.context)} / {say(error.code, 'en', **error.context)}")


def print_json(value: object) -> None:
    """Answer a program."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))


@contextmanager
def opened_engine(settings: Settings | None = None) -> "Iterator[Engine]":
    """The engine on the database of the settings."""
    from engine.bootstrap import build_engine  # the parent of a serving process speaks too, and opens no engine

    engine = build_engine(settings or Settings.read())
    try:
        yield engine
    finally:
        engine.store.close()


@contextmanager
def ended_by_errors() -> Iterator[None]:
    """Around every command: say an error of the engine or the database, and end with 1; with 2 for a wrong setting."""
    try:
        yield
    except EngineError as error:
        tell_error(error)
        sys.exit(2 if isinstance(error, InvalidSetting) else 1)
    except DBAPIError as error:
        from engine.executor import translate  # a program that ends well need not load it

        known = translate(error)
        if not isinstance(known, EngineError):
            raise
        tell_error(known)
        tell(f"    {error.orig}")
        sys.exit(1)


@contextmanager
def progress(what: str, total: int) -> Iterator[Any]:
    """A bar on standard error, where that is a terminal; `update(seen)` moves it."""
    from rich.console import Console  # most commands need no bar
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(file=sys.stderr)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda seen: bar.update(task, completed=seen)


def log_to_stderr(level: int = logging.WARNING, *, as_json: bool = False) -> None:
    """Send the log to standard error from this level on."""
    shown = structlog.processors.JSONRenderer(ensure_ascii=False) if as_json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True), shown],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
