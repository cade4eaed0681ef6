"""The `renoflow` command, one file a group; calls commands and queries only."""

import click

from engine.cli.procedures import procedures


@click.group()
def main() -> None:
    """家装客服流程平台 / the workflow system of a home-decoration company's customer service."""


main.add_command(procedures)
