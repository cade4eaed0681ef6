"""Whether a template can be set at all, tried with the data of a case in which nothing has been said yet."""

from datetime import UTC, datetime
from functools import lru_cache

from engine.errors import PaperFailed
from engine.papers.gathering import sample
from engine.papers.press import PRESS

_AT = datetime(2025, 9, 26, tzinfo=UTC)


@lru_cache(maxsize=512)
def flaw(template: bytes) -> str | None:
    """Why a template can't be set; None where it can."""
    try:
        PRESS.pdf(template.decode(), sample(), _AT)
    except PaperFailed as error:
        return str(error.context["reason"])
    except UnicodeDecodeError:
        return "not UTF-8"
    return None
