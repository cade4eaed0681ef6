"""`renoflow procedures`: lint, draw and deploy what process owners keep under processes/ and forms/."""

import importlib
import json
import pkgutil
import sys
from dataclasses import asdict
from pathlib import Path

import click

from engine import service_tasks
from engine.service_tasks.registry import OPERATIONS
from engine.workflow.lint import Operation, Problem, Surroundings, check
from engine.workflow.lint.folder import files_of, procedure_folders
from engine.workflow.lint.surroundings import groups_of_company

PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
FORMS = click.option("--forms", type=click.Path(path_type=Path), help="表单文件夹 / the forms (default: ../forms)")
JSON = click.option("--json", "as_json", is_flag=True, help="机器可读 / for programs")


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
    found = {folder: lint_folder(folder, forms, drawing=drawing) for folder in _folders(paths)}
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=1))
    else:
        for folder, problems in found.items():
            _show(folder, problems)
    if any(problem.severity == "error" for problems in found.values() for problem in problems):
        sys.exit(1)


def lint_folder(folder: Path, forms: Path | None, *, drawing: bool) -> tuple[Problem, ...]:
    """Lint one procedure in the surroundings of the folders that it stands in."""
    processes, forms = folder.parent, forms or folder.parent.parent / "forms"
    groups = groups_of_company(processes / "company.toml")
    surroundings = Surroundings.of_folder(processes, forms, known_operations(), groups)
    return check(files_of(folder, forms), surroundings, drawing=drawing)


def known_operations() -> dict[str, Operation]:
    """Every operation of engine.service_tasks, as the lint wants it; importing a module registers what it holds."""
    for module in pkgutil.iter_modules(service_tasks.__path__):
        importlib.import_module(f"{service_tasks.__name__}.{module.name}")
    return {name: Operation(found.parameters, found.results) for name, found in OPERATIONS.items()}


def _folders(paths: tuple[Path, ...]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        folders = procedure_folders(path.resolve())
        if not folders:
            raise click.UsageError(f"这里没有流程图 / there is no diagram in {path}")
        found += folders
    return list(dict.fromkeys(found))


def _show(folder: Path, problems: tuple[Problem, ...]) -> None:
    """One problem a line, both languages, on standard error."""
    errors = sum(problem.severity == "error" for problem in problems)
    for problem in problems:
        mark = "错误 error" if problem.severity == "error" else "提醒 warning"
        place = f"{folder.name}/{problem.file}" + (f"#{problem.element}" if problem.element else "")
        click.echo(f"{place}: {mark} {problem.code}\n    {problem.message_zh}\n    {problem.message_en}", err=True)
    click.echo(f"{folder.name}: {errors} 个错误 errors, {len(problems) - errors} 个提醒 warnings", err=True)


def _as_json(found: dict[Path, tuple[Problem, ...]]) -> dict[str, list[dict[str, object]]]:
    return {folder.name: [asdict(problem) for problem in problems] for folder, problems in found.items()}
