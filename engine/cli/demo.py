"""`renoflow demo`: a company that has worked for sixty days, or a large one for a month, to look at and to try out."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from engine import clock, installation
from engine.bootstrap import build_engine
from engine.cli.speaking import JSON, print_json, tell
from engine.clock import OFFICE
from engine.db.session import serving
from engine.demo import accounts, books
from engine.demo.making import PASSWORD, Wish, large, make
from engine.settings import Settings

STAGES = {"company": "公司 company", "procedures": "流程 procedures", "work": "办理 work"}
ENDINGS = ("", "-wal", "-shm")  # of the files of a SQLite database
UNTIL = click.option("--until", help="演示结束的时刻（默认现在）/ ISO instant at which it ends; default: now")


@click.command()
@click.option("--if-empty", is_flag=True, help="已有人员时不改动 / change nothing where there are people")
@click.option("--days", default=60, show_default=True, type=click.IntRange(2, 365), help="多少天 / days of work")
@click.option("--cases", default=300, show_default=True, type=click.IntRange(1, 5000), help="多少案件 / about so many")
@click.option(
    "--size",
    type=click.Choice(["ordinary", "large"]),
    default="ordinary",
    help="large：500 工地、一个月，跑完对帐 / a month of a company with 500 sites, its books checked",
)
@click.option("--seed", default=1, show_default=True, help="随机种子 / the same seed and end give the same demo")
@UNTIL
@JSON
def demo(if_empty: bool, days: int, cases: int, size: str, seed: int, until: str | None, as_json: bool) -> None:
    """建立演示公司 / make the demo company; an earlier demo is replaced."""
    settings = Settings.read()
    wish = Wish(until=_instant(until), days=days, cases=cases, seed=seed)
    if size == "large":
        wish = large(_instant(until), seed=seed)
    made: dict[str, Any] = {}
    holds = _holds(settings)
    if holds is None or (holds == "demo" and not if_empty):
        made = _made_anew(settings, wish)
    elif not if_empty:
        tell("系统里已有人员，没有改动。/ There are people already; nothing was changed.")
        sys.exit(1)
    _show(settings, made, as_json)


def _instant(text: str | None) -> datetime:
    """The end, to the second; without a zone it is office time."""
    if text is None:
        return clock.now().replace(microsecond=0)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"不是时刻 / not an instant: {text}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=OFFICE)


def _holds(settings: Settings) -> str | None:
    """What the database holds: "demo", "people", or None where it is empty or not there."""
    file = _file(settings)
    if file is not None and not file.exists():
        return None
    installation.bring_up(settings)
    engine = build_engine(settings)
    try:
        if not installation.has_people(engine):
            return None
        return "demo" if file is not None and accounts.is_demo(engine) else "people"
    finally:
        engine.store.close()


def _file(settings: Settings) -> Path | None:
    """The database's file; None where it is PostgreSQL."""
    url = sa.make_url(settings.url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _made_anew(settings: Settings, wish: Wish) -> dict[str, Any]:
    """Make the demo; in SQLite beside the database, which it replaces when it is whole."""
    file = _file(settings)
    with _bar() as told:
        if file is None:
            installation.bring_up(settings)
            return make(settings, wish, told)
        file.parent.mkdir(parents=True, exist_ok=True)
        with serving(settings.url):
            beside = file.with_name(f"{file.name}.making")
            _remove(beside)
            aside = replace(settings, database_url=f"sqlite:///{beside}")
            installation.bring_up(aside)
            made = make(aside, wish, told)
            _remove(file)
            _move(beside, file)
    return made


def _remove(file: Path) -> None:
    """Remove a SQLite database with what belongs to it."""
    for ending in ENDINGS:
        file.with_name(file.name + ending).unlink(missing_ok=True)


def _move(source: Path, target: Path) -> None:
    """Move a closed SQLite database; where something was left in its write-ahead log, that comes first."""
    for ending in reversed(ENDINGS):
        part = source.with_name(source.name + ending)
        if part.exists():
            os.replace(part, target.with_name(target.name + ending))


@contextmanager
def _bar() -> Iterator[Callable[[str, float], None]]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        rows = {name: bar.add_task(text, total=1.0) for name, text in STAGES.items()}
        yield lambda what, share: bar.update(rows[what], completed=share)


def _show(settings: Settings, made: dict[str, Any], as_json: bool) -> bool:
    """Say what there is to be seen; False where the books of what was made do not balance."""
    engine = build_engine(settings)
    try:
        is_demo = accounts.is_demo(engine)
        rows = accounts.accounts(engine) if is_demo else []
        with engine.read() as connection:
            checked = books.examine(connection) if made else None
    finally:
        engine.store.close()
    if as_json:
        said = {"books": asdict(checked)} if checked else {}
        print_json({**made, **said, "demo": is_demo, "password": PASSWORD if is_demo else None, "accounts": rows})
        return checked is None or not checked.faults
    if not is_demo:
        tell("这不是演示系统，没有演示账号。/ This is no demo; there are no demo accounts.")
        return True
    if checked is not None:
        tell(
            f"{made['cases']} 个案件 cases, {made['commands']} 条记录 commands, "
            f"{made['open_tasks']} 项待办 open tasks, {made['incidents']} 个异常 incidents"
        )
        _say_books(checked)
    _table(rows)
    return checked is None or not checked.faults


def _say_books(checked: books.Books) -> None:
    verdict = "不平 do not balance" if checked.faults else "平 balance"
    tell(
        f"账目 books: {verdict}; {checked.entries} 笔 entries, {checked.crews} 个施工队 crews, "
        f"质保金 retention {checked.retention} 元, 欠款 owed {checked.owed} 元; "
        f"单据上 {checked.sums} 笔金额在账上 sums on papers found"
    )
    for fault in checked.faults:
        tell(fault)


def _table(rows: list[dict[str, Any]]) -> None:
    shown = [row for row in rows if row["shows"]]
    table = Table("账号 login", "姓名 name", "角色 role", title="演示账号 demo accounts")
    table.add_column("可以看什么 what they show", overflow="fold")
    for row in shown:
        table.add_row(row["login"], row["name"], row["role"], f"{row['shows']}\n{row['shows_en']}")
    Console().print(table)
    click.echo(f"密码 password: {PASSWORD}（其余 {len(rows) - len(shown)} 人相同 / the same for the others）")
