"""Say whether an installation is whole: Python, packages, names, database, jobs, node, fonts, clock, folder.

Every check answers; none raises, so that what is wrong first does not hide what else is.
"""

import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, packages_distributions, requires, version
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from engine import clock
from engine.db import append_only, schema
from engine.db.models import command, job
from engine.db.session import Store
from engine.errors import EngineError
from engine.messages import say
from engine.settings import ROOT, Settings
from engine.workflow.drawing import NODE

DISTRIBUTION = "renoflow"
MOST_OVERDUE = timedelta(minutes=5)
MOST_CLOCK_DIFFERENCE = timedelta(seconds=2)


@dataclass(frozen=True, kw_only=True)
class Check:
    """What one check found; `ok` None: it works, but somebody should know."""

    name: str
    ok: bool | None
    detail: str


def examine(settings: Settings) -> list[Check]:
    """Do every check."""
    return [_python(), _packages(), _names(), *_database(settings), _node(), _fonts(), _folder(settings)]


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    return Check(name="Python", ok=sys.version_info >= (3, 11), detail=found)


def _packages() -> Check:
    name = "依赖包 packages"
    try:
        needed = [line.split(";")[0].strip() for line in requires(DISTRIBUTION) or () if "extra ==" not in line]
    except PackageNotFoundError:
        return Check(name=name, ok=False, detail=f"{DISTRIBUTION} 没有安装 is not installed")
    wrong = [problem for problem in map(_problem_of_package, needed) if problem]
    return Check(name=name, ok=not wrong, detail=", ".join(wrong) or f"{len(needed)} 个 all there")


def _problem_of_package(requirement: str) -> str:
    for sign in (">=", "=="):
        name, found, wanted = requirement.partition(sign)
        if found:
            break
    try:
        there = version(name.split("[")[0].strip())
    except PackageNotFoundError:
        return f"{requirement} 缺失 is missing"
    good = there == wanted if sign == "==" else _numbers(there) >= _numbers(wanted)
    return "" if good or not wanted else f"{requirement}, 现为 found {there}"


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(".") if part.isdigit()]


def _names() -> Check:
    """`engine` and `web` are plain names: another distribution must not bring its own."""
    name = "包名 names engine, web"
    others = {
        owner
        for package in ("engine", "web")
        for owner in packages_distributions().get(package, ())
        if owner != DISTRIBUTION
    }
    for package in ("engine", "web"):
        spec = find_spec(package)
        places = [Path(place).parent for place in (spec.submodule_search_locations or ())] if spec else []
        if ROOT not in places:
            others.add(f"{package}: {', '.join(map(str, places)) or '—'}")
    return Check(name=name, ok=not others, detail=", ".join(sorted(others)) or "本系统的 ours")


def _database(settings: Settings) -> list[Check]:
    """Whether it is there, of this release, guarded and worked off; and whether its clock agrees."""
    name = "数据库 database"
    url = sa.make_url(settings.url)
    shown = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        return [Check(name=name, ok=False, detail=f"{shown}: 请运行 run renoflow init")]
    store = Store(settings.url)
    try:
        schema.check(store.engine)
        with store.read() as connection:
            return [
                Check(name=name, ok=True, detail=f"{shown}, {schema.current_revision(store.engine)}"),
                *(_guarded(check, connection) for check in (_triggers, _jobs, _clock)),
            ]
    except EngineError as error:
        return [Check(name=name, ok=False, detail=f"{shown}: {say(error.code, 'zh')} {say(error.code, 'en')}")]
    except SQLAlchemyError as error:
        return [Check(name=name, ok=False, detail=f"{shown}: {getattr(error, 'orig', error)}".strip())]
    finally:
        store.close()


def _guarded(check: Callable[[sa.Connection], Check], connection: sa.Connection) -> Check:
    try:
        return check(connection)
    except SQLAlchemyError as error:
        return Check(name=check.__name__.strip("_"), ok=False, detail=str(getattr(error, "orig", error)).strip())


def _triggers(connection: sa.Connection) -> Check:
    missing = sorted(append_only.missing_triggers(connection))
    return Check(name="记录保护 triggers", ok=not missing, detail=", ".join(missing) or "完好 in place")


def _jobs(connection: sa.Connection) -> Check:
    rows = connection.execute(sa.select(job.c.status, sa.func.count().label("number")).group_by(job.c.status))
    counts: dict[str, int] = {row.status: row.number for row in rows}
    oldest = connection.scalar(sa.select(sa.func.min(job.c.due_at)).where(job.c.status == "ready"))
    late = clock.now() - oldest if oldest is not None else timedelta()
    detail = f"待执行 waiting {counts.get('ready', 0)}, 异常 incidents {counts.get('incident', 0)}"
    if late > MOST_OVERDUE:
        detail += f"; 最早一项已逾期 oldest overdue by {str(late).split('.')[0]}: serve / worker?"
    return Check(
        name="后台任务 jobs", ok=None if late > MOST_OVERDUE or counts.get("incident") else True, detail=detail
    )


def _clock(connection: sa.Connection) -> Check:
    """The clock must agree with the database's, and must not stand before what was recorded."""
    name, now = "时钟 clock", datetime.now(UTC)
    office = f"{now.astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M:%S} Asia/Shanghai"
    last = connection.scalar(sa.select(sa.func.max(command.c.at)))
    if last is not None and last > now + MOST_CLOCK_DIFFERENCE:
        return Check(name=name, ok=False, detail=f"{office}: 早于最后的记录 before the last record, {last.isoformat()}")
    if connection.dialect.name == "postgresql":
        theirs = connection.scalar(sa.select(sa.func.clock_timestamp()))
        assert theirs is not None
        if abs(theirs - datetime.now(UTC)) > MOST_CLOCK_DIFFERENCE:
            return Check(name=name, ok=False, detail=f"{office}: 与数据库不一致 the database says {theirs.isoformat()}")
    return Check(name=name, ok=True, detail=office)


def _node() -> Check:
    name = "Node（排版 drawing）"
    try:
        found = subprocess.run([NODE, "--version"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        return Check(name=name, ok=False, detail=str(error))
    return Check(name=name, ok=True, detail=found.stdout.strip())


def _fonts() -> Check:
    name = "中文字体 Chinese font"
    wheel = find_spec("noto_cjk_sans_otc")
    if wheel is not None:
        return Check(name=name, ok=True, detail="noto-cjk-sans-otc")
    lister = shutil.which("fc-list")
    if lister and subprocess.run([lister, ":lang=zh"], capture_output=True, timeout=20).stdout.strip():
        return Check(name=name, ok=True, detail="fontconfig")
    return Check(name=name, ok=False, detail="PDF 文件无法显示中文 papers can't show Chinese: noto-cjk-sans-otc")


def _folder(settings: Settings) -> Check:
    """The folder of data must be writable, and the key in it nobody else's to read."""
    name, folder = "数据文件夹 folder", settings.var
    if not folder.is_dir():
        return Check(name=name, ok=None, detail=f"{folder}: 尚未建立 not made yet")
    try:
        probe = folder / ".doctor"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        return Check(name=name, ok=False, detail=str(error))
    open_keys = [key.name for key in folder.glob("*key*") if key.is_file() and stat.S_IMODE(key.stat().st_mode) & 0o077]
    return Check(
        name=name, ok=not open_keys, detail=f"{folder}" + (f": chmod 600 {', '.join(open_keys)}" * bool(open_keys))
    )
