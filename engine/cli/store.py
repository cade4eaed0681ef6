"""`renoflow migrate`, `init` and `serve`: the database, its first administrator, the server."""

import logging
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from engine import installation
from engine.actor import SYSTEM
from engine.bootstrap import build_engine
from engine.cli.procedures import in_order
from engine.cli.speaking import ended_by_errors, log_to_stderr, progress, tell
from engine.commands.deploy_procedure import DeployProcedure
from engine.db import migrate as schema
from engine.db.session import Store, serving
from engine.errors import InvalidDiagram
from engine.executor import Engine
from engine.passwords import SHORTEST
from engine.settings import Settings
from engine.worker import Loop
from engine.workflow.lint.folder import files_of, procedure_folders


@click.command()
def migrate() -> None:
    """升级数据库结构 / bring the database to this release's schema."""
    with ended_by_errors():
        before, after = installation.bring_up(Settings.read())
    tell(f"数据库结构 / schema: {before or '—'} → {after}")


@click.command()
@click.option("--username", help="管理员用户名 / username of the administrator")
@click.option("--name", help="管理员姓名 / name of the administrator")
@click.option("--password-stdin", is_flag=True, help="从标准输入读取密码 / read the password from standard input")
def init(username: str | None, name: str | None, password_stdin: bool) -> None:
    """建立新系统和第一个管理员 / make a new installation, its first administrator, its groups and procedures."""
    settings = Settings.read()
    with ended_by_errors():
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


@click.command()
@click.option("--host", help="监听地址 / address to listen on")
@click.option("--port", type=int, help="监听端口 / port to listen on")
def serve(host: str | None, port: int | None) -> None:
    """启动网页服务 / serve the pages; with SQLite it performs the due jobs too."""
    from granian.constants import Interfaces  # the other commands need no server
    from granian.server import Server

    settings = Settings.read()
    with ended_by_errors():
        store = Store(settings.url)
        try:
            schema.check(store.engine)
        finally:
            store.close()
        with serving(settings.url):
            Server(
                "web:create_app",
                interface=Interfaces.WSGI,
                address=host or settings.host,
                port=port or settings.port,
                workers=1,
                blocking_threads=settings.threads,
                websockets=False,
            ).serve(target_loader=application, wrap_loader=False)


def application() -> Any:
    """The WSGI application in the serving process; on SQLite the loop that performs jobs beside it, on the same engine.

    One engine for both, because writers queue in it and commits wake the loop.
    """
    log_to_stderr(logging.INFO, as_json=not sys.stderr.isatty())
    settings = Settings.read()
    engine = build_engine(settings)
    if engine.store.dialect == "sqlite":
        Loop(engine).start()
    web = import_module("web")  # by name: the pages stand above the command line, which only starts them
    return web.create_app(settings, engine)
