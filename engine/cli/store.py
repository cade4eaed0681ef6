"""`renoflow migrate`, `init` and `serve`: the database, its first administrator, the server."""

import sys

import click

from engine import installation
from engine.cli.speaking import ended_by_errors, tell
from engine.db import migrate as schema
from engine.db.session import Store, serving
from engine.settings import Settings


@click.command()
def migrate() -> None:
    """升级数据库结构 / bring the database to this release's schema."""
    with ended_by_errors():
        before, after = installation.bring_up(Settings.read())
    tell(f"数据库结构 / schema: {before or '—'} → {after}")


@click.command()
@click.option("--username", prompt="管理员用户名 / username of the administrator")
@click.option("--name", prompt="姓名 / name")
@click.password_option(prompt="密码（至少 10 个字符）/ password (ten characters or more)")
def init(username: str, name: str, password: str) -> None:
    """建立新系统和第一个管理员 / make a new installation and its first administrator."""
    with ended_by_errors():
        engine = installation.found(Settings.read())
        if installation.has_people(engine):
            tell("系统里已有人员，没有改动。/ There are people already; nothing was changed.")
            sys.exit(1)
        installation.add_administrator(engine, username, name, password)
        engine.store.close()
    tell("已建立。运行 renoflow serve 开始使用。/ Done. `renoflow serve` starts it.")


@click.command()
@click.option("--host", help="监听地址 / address to listen on")
@click.option("--port", type=int, help="监听端口 / port to listen on")
def serve(host: str | None, port: int | None) -> None:
    """启动网页服务 / serve the pages."""
    from granian.constants import Interfaces  # the other commands need no server
    from granian.server import Server

    settings = Settings.read()
    with ended_by_errors():
        store = Store(settings.url)
        schema.check(store.engine)
        store.close()
        with serving(settings.url):
            Server(
                "web:create_app",
                factory=True,
                interface=Interfaces.WSGI,
                address=host or settings.host,
                port=port or settings.port,
                workers=1,
                blocking_threads=settings.threads,
            ).serve()
