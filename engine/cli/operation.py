"""`renoflow worker` and `renoflow doctor`: what operators run beside the server."""

import logging
import sys
from dataclasses import asdict

import click

from engine.cli.speaking import JSON, log_to_stderr, opened_engine, print_json, tell
from engine.diagnosis import examine
from engine.settings import Settings

MARKS = {True: "✓", False: "✗", None: "!"}


@click.command()
def worker() -> None:
    """执行到期任务（PostgreSQL，可在多台机器上运行） / perform due jobs; on PostgreSQL, on any number of machines."""
    log_to_stderr(logging.INFO, as_json=not sys.stderr.isatty())
    with opened_engine() as engine:
        if engine.store.dialect == "sqlite":
            raise click.UsageError(
                "使用 SQLite 时，到期任务由 renoflow serve 执行。/ With SQLite, `renoflow serve` performs the jobs."
            )
        from engine import worker_postgres  # Procrastinate takes a third of a second, and only workers need it

        worker_postgres.prepare(engine.settings.url)
        worker_postgres.run(engine)


@click.command()
@JSON
def doctor(as_json: bool) -> None:
    """检查安装是否完好 / say what is missing or wrong; exit 1 where something is."""
    checks = examine(Settings.read())
    if as_json:
        print_json([asdict(check) for check in checks])
    for check in checks:
        tell(f"{MARKS[check.ok]} {check.name}: {check.detail}")
    sys.exit(1 if any(check.ok is False for check in checks) else 0)
