"""`renoflow migrate` and `init`: the database and its first administrator."""

import sys
from pathlib import Path

import click

from engine import installation
from engine.actor import SYSTEM
from engine.cli.procedures import in_order
from engine.cli.speaking import progress, tell
from engine.commands.deploy_procedure import DeployProcedure
from engine.errors import InvalidDiagram
from engine.executor import Engine
from engine.passwords import SHORTEST
from engine.settings import Settings
from engine.workflow.lint.folder import files_of, procedure_folders


@click.command()
def migrate() -> None:
    """升级数据库结构 / bring the database to this release's schema."""
    before, after = installation.bring_up(Settings.read())
    tell(f"数据库结构 / schema: {before or '—'} → {after}")


@click.command()
@click.option("--username", help="管理员用户名 / username of the administrator")
@click.option("--name", help="管理员姓名 / name of the administrator")
@click.option("--password-stdin", is_flag=True, help="从标准输入读取密码 / read the password from standard input")
def init(username: str | None, name: str | None, password_stdin: bool) -> None:
    """建立新系统和第一个管理员 / make a new installation, its first administrator, its groups and procedures."""
    settings = Settings.read()
    engine = installation.found(settings)
    try:
        if installation.has_people(engine):
            tell("系统里已有人员，没有改动。/ There are people already; nothing was changed.")
            sys.exit(1)
        username = username or click.prompt("管理员用户名 / username of the administrator", err=True)
        name = name or (username if password_stdin else click.prompt("姓名 / name", default=username, err=True))
        installation.add_administrator(engine, username, name, _password(password_stdin))
        groups = installation.add_groups(engine, settings.data / "processes" / "company.toml")
        tell(f"{groups} 个部门和小组 departments and groups")
        refused = _deploy_all(engine, settings.data)
    finally:
        engine.store.close()
    tell("已建立。运行 renoflow serve 开始使用。/ Done. `renoflow serve` starts it.")
    sys.exit(1 if refused else 0)


def _password(from_stdin: bool) -> str:
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt(
            f"密码（至少 {SHORTEST} 个字符）/ password ({SHORTEST} characters or more)",
            hide_input=True,
            confirmation_prompt="再输一次 / again",
            err=True,
        )
    if len(password) < SHORTEST:
        raise click.UsageError(f"密码至少 {SHORTEST} 个字符 / a password has {SHORTEST} characters or more")
    return str(password)


def _deploy_all(engine: Engine, data: Path) -> list[str]:
    """Deploy the procedures that come along, called ones first; gives those that were refused."""
    folders, refused = in_order(procedure_folders(data / "processes")), []
    with progress("发布流程 deploy", len(folders)) as seen:
        for number, folder in enumerate(folders, 1):
            try:
                engine.execute(DeployProcedure(files=files_of(folder, data / "forms")), SYSTEM)
            except InvalidDiagram as error:
                refused.append(folder.name)
                tell(f"{folder.name}: {error.problems[0].message_zh} / {error.problems[0].message_en}")
            seen(number)
    tell(f"{len(folders) - len(refused)} 个流程已发布 procedures deployed, {len(refused)} 个未通过检查 refused")
    return refused
