"""The web application: knows HTTP, HTML and sessions, and asks the engine for everything else."""

import logging
import sys
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.routing import BaseConverter

from engine.access import Writer
from engine.bootstrap import build_engine
from engine.cli.speaking import log_to_stderr
from engine.executor import Engine
from engine.settings import Settings
from engine.signing_key import signing_key
from engine.worker import Loop
from web import errors, identity, language, permissions, register_words, security, shell
from web.views import BLUEPRINTS

MEGABYTE = 1024 * 1024
FILES_PER_FORM = 4  # of the largest size; a form with more or larger ones is refused before it is read


class HexConverter(BaseConverter):
    """An id in an address: 32 hex digits."""

    regex = "[0-9a-f]{32}"


def create_app(settings: Settings | None = None, engine: Engine | None = None) -> Flask:
    """Make the application on an engine; without one, what `renoflow serve` runs: an engine with its loop of jobs."""
    settings = settings or (engine.settings if engine else Settings.read())
    app = Flask(__name__, static_folder=str(Path(__file__).parent / "static"))
    app.extensions["renoflow"] = engine or _serving(settings)
    app.config.update(
        SECRET_KEY=signing_key(settings),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        WTF_CSRF_TIME_LIMIT=None,  # a form may lie open for a day; the token lives as long as the session
        MAX_CONTENT_LENGTH=settings.upload_megabytes * FILES_PER_FORM * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=permissions.MOST_OF_A_FORM,
        MAX_FORM_PARTS=10_000,  # a list of 200 rows has twenty columns and room to spare; Werkzeug's default is 1,000
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(hours=1),
    )
    app.url_map.converters["hex"] = HexConverter
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for part in (language, errors, identity, permissions, register_words, security, shell):
        part.init_app(app)
    CSRFProtect(app)  # after the permissions: who is not logged in is sent to the log-in, not told of tokens
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _serving(settings: Settings) -> Engine:
    log_to_stderr(logging.INFO, as_json=not sys.stderr.isatty())
    engine = build_engine(settings)
    Writer(engine.access).start()
    if engine.store.dialect == "sqlite":  # PostgreSQL has workers of its own
        Loop(engine).start()
    return engine
