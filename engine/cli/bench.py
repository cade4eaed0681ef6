"""`renoflow bench`: the product's figures beside yardsticks of the same run."""

import json
import logging
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.console import Console
from rich.table import Table

from engine.bench import audit_figures, lint_figures, postgres_figures, store_figures, web_figures
from engine.bench.store_figures import Figure
from engine.cli.speaking import log_to_stderr, progress
from engine.executor import Engine
from engine.settings import Settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="机器可读 / for programs")
@click.option("--quick", is_flag=True, help="少量样本 / few samples, to see that it runs")
@click.option("--database-url", default="", help="PostgreSQL 指标所用的空数据库 / an empty PostgreSQL database")
def bench(as_json: bool, quick: bool, database_url: str) -> None:
    """测量性能 / measure; exit 1 where a figure is over its limit."""
    log_to_stderr(logging.ERROR)
    scale = 10 if quick else 1
    with TemporaryDirectory() as folder:
        figures = _measured(Path(folder), scale, database_url)
    if as_json:
        click.echo(
            json.dumps([vars(figure) | {"good": figure.good} for figure in figures], ensure_ascii=False, indent=1)
        )
    else:
        _table(figures)
    if not all(figure.good for figure in figures):
        sys.exit(1)


def _measured(folder: Path, scale: int, database_url: str) -> list[Figure]:
    with ExitStack() as opened:
        own = _installed(opened, f"sqlite:///{folder / 'engine.db'}", folder)
        url = opened.enter_context(postgres_figures.database(database_url, folder))
        # The engine first: pages in the same process, with their log lines, would be measured with it.
        steps: list[Callable[[], list[Figure]]] = [lambda: store_figures.engine_figures(own, 100 // scale)]
        if url is None:
            click.echo("没有 PostgreSQL，相应指标略去 / no PostgreSQL, its figures are left out", err=True)
        else:
            other = _installed(opened, url, folder)
            steps += [
                lambda: store_figures.engine_figures(other, 100 // scale),
                lambda: postgres_figures.timers(other, 3000 // scale),
                lambda: [store_figures.growth(other, 1000 // scale)],
            ]
        steps += [
            lambda: lint_figures.lint(Settings.read().data, 21),
            lambda: [store_figures.growth(own, 5000 // scale)],
            lambda: audit_figures.audit_figures(own),
            lambda: store_figures.age(own, 1000 // scale),
            lambda: web_figures.completions(_made(folder / "pages"), 1000 // scale),
            lambda: web_figures.inbox_among(_made(folder / "inbox"), 60 // scale),
            lambda: web_figures.statements(_made(folder / "statements")),
        ]
        figures: list[Figure] = []
        with progress("测量 measuring", len(steps)) as seen:
            for number, step in enumerate(steps, 1):
                figures += step()
                seen(number)
        return figures


def _installed(opened: ExitStack, url: str, folder: Path) -> Engine:
    engine = store_figures.installation(Settings(database_url=url, var=folder))
    opened.callback(engine.store.close)
    return engine


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _table(figures: list[Figure]) -> None:
    table = Table("测量 what", "数值 value", "单位 unit", "界限 limit", "对照 beside", "")
    for one in figures:
        limit = f"≥ {one.least:g}" if one.least is not None else "–" if one.limit is None else f"{one.limit:g}"
        table.add_row(one.name, f"{one.value:.2f}", one.unit, limit, one.yardstick, "✓" if one.good else "✗")
    Console().print(table)
