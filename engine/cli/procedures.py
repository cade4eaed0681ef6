"""`renoflow procedures`: lint, draw and deploy what process owners keep under processes/ and forms/."""

import sys
from collections.abc import Mapping, Sequence
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
from engine.workflow.drawing import NotDrawable, draw
from engine.workflow.lint import Change, Operation, Problem, Surroundings, check, compare
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
def deploy(paths: tuple[Path, ...], forms: Path | None, as_json: bool) -> None:
    """发布流程 / deploy procedures, those that are called first; running cases keep their version."""
    done: list[dict[str, object]] = []
    folders = in_order(_folders(paths))
    with opened_engine() as engine:
        for folder in folders:
            try:
                done.append(_deploy(engine, folder, _forms(folder, forms)))
            except InvalidDiagram as error:
                _show_problems(folder.name, error.problems)
                sys.exit(1)
    if as_json:
        print_json(done)


def _deploy(engine: Engine, folder: Path, forms: Path) -> dict[str, object]:
    """Deploy one procedure and say what changed against the version in force."""
    files = files_of(folder, forms)
    with engine.read() as connection:
        before = deployments.current(connection, folder.name)
        old = deployments.files(connection, str(before.id)) if before is not None else {}
    body = engine.execute(DeployProcedure(files=files), OPERATOR).body
    changes: Sequence[Change] = compare(_own(old), files) if old else ()
    tell(f"{folder.name}: 第 {body['version']} 版 version {body['version']}")
    for change in changes:
        tell(f"    {change.message_zh} / {change.message_en}")
    return {**body, "changes": [asdict(change) for change in changes]}


def _own(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if not name.startswith("calls/")}


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
