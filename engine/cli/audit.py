"""`renoflow audit`: prove that the record was not altered, re-execute cases from it, hand it to other programs."""

import random
import sys
from collections.abc import Sequence

import click

from engine import access
from engine import audit as auditing
from engine.audit import OLDER_EPOCH, Flaw
from engine.cli.audit_export import export
from engine.cli.speaking import JSON, opened_engine, print_json, progress, tell
from engine.messages import say

NAMES = {"": "数据库 database", access.STREAM: "查阅记录 access log"}


@click.group()
def audit() -> None:
    """稽核：验证记录、重演案件、导出 / verify the record, replay cases, export."""


audit.add_command(export)


@audit.command()
@JSON
def verify(as_json: bool) -> None:
    """验证记录未被改动 / check all logs, states, deployments, triggers, seals; exit 1 where one fails."""
    with opened_engine() as engine, engine.snapshot() as connection:
        total, accesses = auditing.commands(connection), access.count(connection)
        with progress("验证 verify", total + accesses) as seen:
            flaws = auditing.verify(connection, progress=seen, settings=engine.settings)
    if as_json:
        print_json({"commands": total, "accesses": accesses, "flaws": [flaw.as_json() for flaw in flaws]})
    _show(flaws)
    tell(f"{total} 条记录 commands, {accesses} 条查阅记录 accesses, {len(flaws)} 处问题 flaws")
    sys.exit(1 if flaws else 0)


@audit.command()
@click.argument("case", required=False)
@click.option("--all", "every", is_flag=True, help="全部案件 / every case")
@click.option(
    "--sample", type=click.IntRange(min=1), help="与 --all 合用，抽查几件 / with --all: so many, drawn by lot"
)
@JSON
def replay(case: str | None, every: bool, sample: int | None, as_json: bool) -> None:
    """从记录重演案件 / re-execute a case (its number or id) from its log; exit 1 at the first difference of one."""
    if (case is None) != every:
        raise click.UsageError("请给出一个案件或 --all / name one case, or --all")
    if sample is not None and not every:
        raise click.UsageError("--sample 只能和 --all 一起用 / --sample goes with --all")
    with opened_engine() as engine, engine.snapshot() as connection:
        found = auditing.cases(connection, case)
        if not found:
            raise click.UsageError(f"没有案件 {case} / there is no case {case}") if case else SystemExit(_nothing())
        if sample is not None:
            found = random.sample(found, min(sample, len(found)))
        flaws: list[Flaw] = []
        total = 0
        with progress("重演 replay", len(found)) as seen:
            for number, one in enumerate(found, 1):
                count, differences = auditing.examine(connection, one)
                if any(flaw.code == OLDER_EPOCH for flaw in differences):
                    differences = [*auditing.verify(connection, one, settings=engine.settings)] or differences
                total += count
                flaws += differences
                seen(number)
    older = [flaw for flaw in flaws if flaw.code == OLDER_EPOCH]
    if as_json:
        print_json(
            {"cases": len(found), "commands": total, "older": len(older), "flaws": [flaw.as_json() for flaw in flaws]}
        )
    _show(flaws)
    tell(f"{len(found)} 个案件 cases, {total} 条记录 commands, {len(flaws) - len(older)} 处问题 flaws")
    sys.exit(1 if len(flaws) > len(older) else 0)


def _nothing() -> int:
    tell("还没有案件 / there are no cases yet")
    return 0


def _show(flaws: Sequence[Flaw]) -> None:
    for flaw in flaws:
        name = f"{flaw.case} ({flaw.stream})" if flaw.case else NAMES.get(flaw.stream, flaw.stream)
        place = f"{name} 第 {flaw.seq} 条 row {flaw.seq}" if flaw.seq else name
        about = f": {flaw.about}" if flaw.about else ""
        tell(f"{place}: {say(flaw.code, 'zh')} / {say(flaw.code, 'en')} [{flaw.code}]{about}")
