"""`renoflow story`: play the stories of procedures and show what they have covered."""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from engine.errors import EngineError
from engine.settings import Settings
from engine.stories import story as stories
from engine.stories import theatre
from engine.stories.coverage import Coverage
from engine.workflow import runner

PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))


@click.group()
def story() -> None:
    """情景：按步骤演练流程 / stories: who does what when, and what must then be true."""


@story.command()
@PATHS
@click.option(
    "--coverage", is_flag=True, help="显示覆盖了哪些路径 / which flows, timers and rules were walked; 1 if not all"
)
@click.option("--json", "as_json", is_flag=True, help="机器可读 / for programs")
@click.option("--data", type=click.Path(exists=True, path_type=Path), help="processes/ 与 forms/ 所在 / their parent")
def run(paths: tuple[Path, ...], coverage: bool, as_json: bool, data: Path | None) -> None:
    """演练情景 / play stories; exit 1 where one fails."""
    found = list(dict.fromkeys(stories.find([path.resolve() for path in paths])))
    if not found:
        raise click.UsageError("这里没有情景 / there is no story here")
    company = (data or Settings.read().data) / "processes" / "company.toml"
    walked, failures = Coverage(), []
    with TemporaryDirectory() as folder, Progress(console=Console(stderr=True), transient=True) as progress:
        template = Path(folder) / "template.db"
        theatre.prepare(Settings(database_url=f"sqlite:///{template}", var=Path(folder)), company)
        for path in progress.track(found, description="情景 stories"):
            try:
                with theatre.copied(template, Path(folder)) as engine, runner.observed(walked.observe):
                    theatre.perform(stories.load(path), engine)
            except EngineError as error:
                failures.append((path, str(error)))
    chosen = {path.parent.parent.name for path in found}
    _report(found, failures, walked if coverage else None, as_json)
    if failures or (coverage and not walked.complete(chosen)):
        sys.exit(1)


def _report(found: list[Path], failures: list[tuple[Path, str]], walked: Coverage | None, as_json: bool) -> None:
    for path, reason in failures:
        click.echo(f"✗ {path.parent.parent.name}/{path.stem}: {reason}", err=True)
    shares = {
        diagram: {kind: {"percent": share.percent, "missing": share.missing} for kind, share in kinds.items()}
        for diagram, kinds in sorted(walked.rows.items() if walked else [])
    }
    if as_json:
        click.echo(json.dumps({"stories": len(found), "failed": len(failures), "coverage": shares}, ensure_ascii=False))
        return
    if walked is not None:
        _table(shares)
    click.echo(f"{len(found) - len(failures)} 通过 passed, {len(failures)} 失败 failed", err=True)


def _table(shares: dict[str, dict[str, dict[str, object]]]) -> None:
    table = Table("流程图 diagram", "流向 flows", "定时 timers", "规则 rules", "没有走到 not walked")
    for diagram, kinds in shares.items():
        percents = [f"{kinds[kind]['percent']} %" if kind in kinds else "–" for kind in ("flows", "timers", "rules")]
        missing = [str(name) for share in kinds.values() for name in share["missing"]]  # type: ignore[attr-defined]
        table.add_row(diagram, *percents, "\n".join(missing[:12]))
    Console().print(table)
