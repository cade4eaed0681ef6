"""The language of a page: the cookie, else what the person has set, else Chinese."""

from pathlib import Path

from babel.support import Translations
from flask import Flask, request
from flask_babel import Babel, get_babel

from web import identity

LANGUAGES = {"zh_CN": "简体中文", "en": "English"}
COOKIE = "language"


def init_app(app: Flask) -> None:
    """Choose the catalogue for each request."""
    Babel(
        app,
        default_locale="zh_CN",
        default_timezone="Asia/Shanghai",
        default_translation_directories="translations",
        locale_selector=language,
    )
    # Babel spells zh_CN as zh_Hans_CN and would look for a folder of that name.
    folder = Path(app.root_path) / "translations"
    with app.app_context():
        domain = get_babel(app).instance.domain_instance
    domain.cache["zh_Hans_CN", "messages"] = Translations.load(folder, ["zh_CN"])
    app.jinja_env.globals["language"] = language
    app.jinja_env.globals["languages"] = LANGUAGES


def language() -> str:
    """One of LANGUAGES."""
    chosen = request.cookies.get(COOKIE) if request else None
    if chosen not in LANGUAGES and request:
        person = identity.person()
        chosen = person.language if person else None
    return chosen if chosen in LANGUAGES else "zh_CN"
