"""`renoflow audit export`: the record for other programs."""

from datetime import datetime
from typing import BinaryIO

import click

from engine import exports
from engine.actor import SYSTEM
from engine.cli.speaking import opened_engine
from engine.exports.events import Selection

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--format", "form", type=click.Choice(list(exports.WRITERS)), required=True, help="格式 / format")
@click.option("--case", help="只导出这个案件（编号）/ one case, by its number or id")
@click.option("--from", "since", type=DAY, help="起，含当日 / first day on which cases began, YYYY-MM-DD")
@click.option("--to", "until", type=DAY, help="止，含当日 / last day on which cases began")
@click.option("--names", is_flag=True, help="写出姓名和摘要 / with names of people and subjects of cases")
@click.option("--output", type=click.File("wb", lazy=True), default="-", help="文件 / file; else standard output")
def export(
    form: str, case: str | None, since: datetime | None, until: datetime | None, names: bool, output: BinaryIO
) -> None:
    """导出记录 / export the record: XES 1849-2016, CSV of events, JSON lines of the command log."""
    if case is not None and (since or until):
        raise click.UsageError("--case 不能和 --from、--to 一起用 / --case goes without --from and --to")
    days = (since.date() if since else None, until.date() if until else None)
    selection = Selection(case=case, since=days[0], until=days[1], names=names)
    with opened_engine() as engine, engine.snapshot() as connection:
        for piece in exports.WRITERS[form](connection, selection):
            output.write(piece)
        about = {"format": form, "rows": selection.counted["rows"]}
        engine.access.note("export", SYSTEM.key, subject="events", **about)
        engine.access.flush()
