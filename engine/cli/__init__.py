"""The `renoflow` command, one file a group; calls commands and queries only.

A command's file is imported when the command is asked for: a server should not wait for what draws diagrams.
"""

from importlib import import_module
from typing import Any

import click

COMMANDS = {  # name → file
    "init": "store",
    "serve": "serving",
    "worker": "operation",
    "demo": "demo",
    "migrate": "store",
    "doctor": "operation",
    "procedures": "procedures",
    "story": "story",
    "audit": "audit",
    "bench": "bench",
}


class _Lazily(click.Group):
    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        found = getattr(import_module(f"engine.cli.{COMMANDS[name]}"), name)
        assert isinstance(found, click.Command)
        return found

    def invoke(self, context: click.Context) -> Any:
        from engine.cli.speaking import ended_by_errors  # `--help` ends before

        with ended_by_errors():
            return super().invoke(context)


@click.group(cls=_Lazily)
def main() -> None:
    """家装客服流程平台 / the workflow system of a home-decoration company's customer service."""
    from engine.cli.speaking import log_to_stderr  # `--help` needs no log

    log_to_stderr()
