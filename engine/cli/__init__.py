"""The `renoflow` command, one file a group; calls commands and queries only."""

import click

from engine.cli.audit import audit
from engine.cli.demo import demo
from engine.cli.operation import doctor, worker
from engine.cli.procedures import procedures
from engine.cli.speaking import log_to_stderr
from engine.cli.store import init, migrate, serve
from engine.cli.story import story


@click.group()
def main() -> None:
    """家装客服流程平台 / the workflow system of a home-decoration company's customer service."""
    log_to_stderr()


for command in (init, serve, worker, demo, migrate, doctor, procedures, story, audit):
    main.add_command(command)
