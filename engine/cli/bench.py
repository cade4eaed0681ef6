"""`renoflow bench`: the product's figures beside yardsticks of the same run."""

import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.console import Console
from rich.table import Table

from engine.bench import store_figures, web_figures
from engine.bench.store_figures import Figure
from engine.cli.speaking import log_to_stderr, progress
from engine.settings import Settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="机器可读 / for programs")
@click.option("--quick", is_flag=True, help="少量样本 / few samples, to see that it runs")
@click.option("--database-url", default="", help="引擎指标所用的空数据库 / an empty database for the engine's figures")
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
    own = Settings(database_url=database_url or f"sqlite:///{folder / 'engine.db'}", var=folder)
    engine = store_figures.installation(own)
    steps: list[Callable[[], list[Figure]]] = [
        lambda: store_figures.engine_figures(engine, 100 // scale),
        lambda: store_figures.age(engine, 1000 // scale),
        lambda: web_figures.completions(_made(folder / "pages"), 1000 // scale),
        lambda: web_figures.inbox_among(_made(folder / "inbox"), 60 // scale),
        lambda: [store_figures.growth(_sqlite(_made(folder / "growth")), 5000 // scale)],
    ]
    figures: list[Figure] = []
    with progress("测量 measuring", len(steps)) as seen:
        for number, step in enumerate(steps, 1):
            figures += step()
            seen(number)
    engine.store.close()
    return figures


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _sqlite(folder: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{folder / 'renoflow.db'}", var=folder)


def _table(figures: list[Figure]) -> None:
    table = Table("测量 what", "数值 value", "单位 unit", "上限 limit", "对照 beside", "")
    for one in figures:
        limit = "–" if one.limit is None else f"{one.limit:g}"
        table.add_row(one.name, f"{one.value:.2f}", one.unit, limit, one.yardstick, "✓" if one.good else "✗")
    Console().print(table)
