"""`renoflow procedures`: lint, draw and deploy what process owners keep under processes/ and forms/."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from lxml import etree

from engine import deployments
from engine.actor import ADMINISTRATOR, SYSTEM, Actor
from engine.cli.speaking import JSON, opened_engine, print_json, tell
from engine.commands.deploy_procedure import DeployProcedure
from engine.errors import InvalidDiagram
from engine.executor import Engine
from engine.papers.proof import flaw
from engine.service_tasks import registry
from engine.studio import checking, drafts
from engine.studio import folders as folders_of_owners
from engine.studio.known import known
from engine.workflow.changes import Change, compare
from engine.workflow.drawing import NotDrawable, draw
from engine.workflow.lint import Operation, Problem, Surroundings, check
from engine.workflow.lint.folder import called_folders, files_of, procedure_folders
from engine.workflow.lint.surroundings import groups_of_company, people_of_company

OPERATOR = Actor(key=SYSTEM.key, principals=SYSTEM.principals, roles=frozenset({ADMINISTRATOR}))
PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
FORMS = click.option("--forms", type=click.Path(path_type=Path), help="表单文件夹 / the forms (default: ../forms)")


@click.group()
def procedures() -> None:
    """流程：检查、排版、发布 / lint, draw and deploy procedures."""


@procedures.command()
@PATHS
@FORMS
@JSON
@click.option("--drawing/--no-drawing", default=True, help="也检查图形布局 / check the drawing too")
def lint(paths: tuple[Path, ...], forms: Path | None, as_json: bool, drawing: bool) -> None:
    """检查流程文件 / check procedures; exit 1 where one can't be deployed."""
    found = {folder.name: lint_folder(folder, _forms(folder, forms), drawing=drawing) for folder in _folders(paths)}
    if as_json:
        print_json({name: [_plain(problem) for problem in problems] for name, problems in found.items()})
    else:
        for name, problems in found.items():
            _show_problems(name, problems)
            errors = sum(problem.severity == "error" for problem in problems)
            tell(f"{name}: {errors} 个错误 errors, {len(problems) - errors} 个提醒 warnings")
    if any(problem.severity == "error" for problems in found.values() for problem in problems):
        sys.exit(1)


@procedures.command()
@JSON
def operations(as_json: bool) -> None:
    """列出可用操作 / list what a service task may name, with its parameters and results."""
    registry.load()
    rows = [_about(one) for _name, one in sorted(registry.OPERATIONS.items())]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        needed = ", ".join(name if required else f"{name}?" for name, required in row["parameters"].items())
        click.echo(f"{row['name']}({needed}) -> {', '.join(row['results'])}\n    {row['about']}")


def _about(one: registry.Operation) -> dict[str, Any]:
    about = (sys.modules[one.perform.__module__].__doc__ or "").partition("\n")[0]
    return {"name": one.name, "parameters": dict(one.parameters), "results": sorted(one.results or ()), "about": about}


@procedures.command(name="draw")
@PATHS
def draw_command(paths: tuple[Path, ...]) -> None:
    """整理布局 / lay diagrams out anew; everything but the drawing stays as it is."""
    failed = False
    for folder in _folders(paths):
        for path in sorted(folder.glob("*.bpmn")):
            before = path.read_bytes()
            try:
                after = draw(before)
            except (NotDrawable, etree.XMLSyntaxError) as error:
                tell(f"{path.name}: {error}")
                failed = True
                continue
            if after != before:
                path.write_bytes(after)
            tell(f"{path.name}: " + ("已排版 drawn" if after != before else "没有变化 unchanged"))
    if failed:
        sys.exit(1)


@procedures.command()
@PATHS
@FORMS
@JSON
@click.option(
    "--over", multiple=True, metavar="NAME@N", help="放弃浏览器里发布的第 N 版 / take back a version of the studio"
)
def deploy(paths: tuple[Path, ...], forms: Path | None, as_json: bool, over: tuple[str, ...]) -> None:
    """发布流程 / deploy procedures, those that are called first; running cases keep their version.

    What owners published in the browser is not taken back unseen: export it first, or name it with --over.
    """
    done: list[dict[str, object]] = []
    folders = in_order(_folders(paths))
    with opened_engine() as engine:
        if any([_would_take_back(engine, folder, _forms(folder, forms), over) for folder in folders]):
            sys.exit(1)
        for folder in folders:
            try:
                done.append(_deploy(engine, folder, _forms(folder, forms)))
            except InvalidDiagram as error:
                _show_problems(folder.name, error.problems)
                sys.exit(1)
    if as_json:
        print_json(done)


def _would_take_back(engine: Engine, folder: Path, forms: Path, over: tuple[str, ...]) -> bool:
    """Say what a folder would take back of what owners published, unless they asked for it."""
    with engine.read() as connection:
        lost = folders_of_owners.unseen(connection, folder.name, files_of(folder, forms))
        draft = drafts.find(connection, folder.name)
    if draft is not None:
        tell(f"{folder.name}: 浏览器里有未发布的草稿 there is a draft in the studio")
    if lost is None or f"{folder.name}@{lost[0]}" in over:
        return False
    version, changes = lost
    tell(
        f"{folder.name}: 第 {version} 版是在浏览器里发布的，文件夹里没有。先 renoflow procedures export {folder.name}，"
        f"或加 --over {folder.name}@{version}\n"
        f"    version {version} was published in the studio and is not in the folder; export it, or add --over. "
        "The folder would change / 文件夹会改动："
    )
    for change in changes:
        tell(f"    {change.message_zh} / {change.message_en}")
    return True


@procedures.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--to", "root", type=click.Path(path_type=Path), help="processes/ 与 forms/ 所在 / their parent")
@click.option("--over", is_flag=True, help="覆盖文件夹里未发布的修改 / replace changes that were never deployed")
def export(names: tuple[str, ...], root: Path | None, over: bool) -> None:
    """导出现行版本到文件夹 / write the versions in force into processes/ and forms/; stories beside them stay."""
    with opened_engine() as engine, engine.read() as connection:
        target = root or engine.settings.data
        for name in names:
            current = deployments.current(connection, name)
            if current is None:
                raise click.UsageError(f"没有这个流程 / there is no procedure {name}")
            folder = target / "processes" / name
            here = files_of(folder, target / "forms") if folder.is_dir() else {}
            if here and not over and not folders_of_owners.is_known(connection, name, here):
                tell(f"{name}: 文件夹里有没发布过的修改；--over 覆盖 / the folder has changes of its own; --over")
                sys.exit(1)
            kept = checking.own(deployments.files(connection, str(current.id)))
            for path in folders_of_owners.write(target, name, kept):
                tell(f"    {path.relative_to(target)}")
            tell(f"{name}: 第 {current.version} 版 version {current.version}")


def _deploy(engine: Engine, folder: Path, forms: Path) -> dict[str, object]:
    """Deploy one procedure and say what changed against the version in force."""
    files = files_of(folder, forms)
    with engine.read() as connection:
        before = deployments.current(connection, folder.name)
        old = deployments.files(connection, str(before.id)) if before is not None else {}
        names = known(connection)
    body = engine.execute(DeployProcedure(files=files), OPERATOR).body
    changes: Sequence[Change] = compare(checking.own(old), files, names) if old else ()
    tell(f"{folder.name}: 第 {body['version']} 版 version {body['version']}")
    for change in changes:
        tell(f"    {change.message_zh} / {change.message_en}")
    return {**body, "changes": [asdict(change) for change in changes]}


def lint_folder(folder: Path, forms: Path, *, drawing: bool) -> tuple[Problem, ...]:
    """Lint one procedure in the surroundings of the folders that it stands in."""
    registry.load()
    operations = {name: Operation(found.parameters, found.results) for name, found in registry.OPERATIONS.items()}
    company = folder.parent / "company.toml"
    surroundings = Surroundings.of_folder(
        folder.parent, forms, operations, groups_of_company(company), flaw, people_of_company(company)
    )
    return check(files_of(folder, forms), surroundings, drawing=drawing)


def in_order(folders: list[Path]) -> list[Path]:
    """What is called stands before what calls it: who calls others calls more than they do."""
    return sorted(folders, key=lambda folder: (len(called_folders(folder)), folder.name))


def _forms(folder: Path, forms: Path | None) -> Path:
    return forms or folder.parent.parent / "forms"


def _folders(paths: tuple[Path, ...]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        folders = procedure_folders(path.resolve())
        if not folders:
            raise click.UsageError(f"这里没有流程图 / there is no diagram in {path}")
        found += folders
    return list(dict.fromkeys(found))


def _show_problems(name: str, problems: Sequence[object]) -> None:
    """One problem after the other, both languages, on standard error."""
    for problem in problems:
        if not isinstance(problem, Problem):  # the library's parser, which the lint should have forestalled
            tell(f"{name}: {problem}")
            continue
        mark = "错误 error" if problem.severity == "error" else "提醒 warning"
        place = f"{name}/{problem.file}" + (f"#{problem.element}" if problem.element else "")
        tell(f"{place}: {mark} {problem.code}\n    {problem.message_zh}\n    {problem.message_en}")


def _plain(problem: Problem) -> dict[str, object]:
    return {name: value for name, value in asdict(problem).items() if name != "context"}
