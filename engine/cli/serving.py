"""`renoflow serve`: the pages, and with SQLite the loop that performs due jobs."""

import logging
import sys
from importlib import import_module
from typing import Any

import click
from granian.constants import Interfaces
from granian.server import Server

from engine.cli.speaking import log_to_stderr
from engine.db import schema
from engine.db.session import Store, serving
from engine.settings import Settings


@click.command()
@click.option("--host", help="监听地址 / address to listen on")
@click.option("--port", type=int, help="监听端口 / port to listen on")
def serve(host: str | None, port: int | None) -> None:
    """启动网页服务 / serve the pages; with SQLite it performs the due jobs too."""
    settings = Settings.read()
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
    from engine.access import Writer
    from engine.bootstrap import build_engine  # of the serving process; the parent, which waits for it, needs neither
    from engine.worker import Loop

    engine = build_engine(settings)
    Writer(engine.access).start()
    if engine.store.dialect == "sqlite":
        Loop(engine).start()
    web = import_module("web")  # by name: the pages stand above the command line, which only starts them
    return web.create_app(settings, engine)
