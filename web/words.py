"""Small words of pages: masked numbers, who stands behind a key, initials, capped counts."""

import re
from collections.abc import Collection, Mapping

from flask_babel import gettext as _

MOST_COUNTED = 99


def masked(number: str | None) -> str:
    """139****6058: enough to recognise, not enough to call."""
    digits = re.sub(r"\D", "", number or "")
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "****" if number else ""


def counted(number: int) -> str:
    """The number, or 99+."""
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)


def initials(name: str) -> str:
    """What stands in the round mark beside a name: the given name's two characters, or two initials."""
    if re.match(r"[A-Za-z]", name):
        return "".join(part[0] for part in name.split()[:2]).upper()
    return name[-2:]


def principal(key: str | None, names: Mapping[str, str]) -> str:
    """What people call a principal key; `names` as from queries.people.names."""
    if key is None:
        return ""
    name = names.get(key, key.partition(":")[2])
    return _("head of %(group)s", group=name) if key.startswith("head:") else name


def why_mine(
    assignee: str | None, candidates: Collection[str], me: str, principals: Collection[str], names: Mapping[str, str]
) -> tuple[str, str]:
    """Why a task is in somebody's list: a short reason, and what it rests on."""
    if assignee == me:
        return _("assigned to me"), ""
    if assignee is not None:
        return _("taken by %(name)s", name=principal(assignee, names)), ""
    if me in candidates:
        return _("meant for me"), _("the step names you")
    for key in candidates:
        if key in principals:
            name = names.get(key, key.partition(":")[2])
            whole = (
                _("you head %(group)s", group=name)
                if key.startswith("head:")
                else _("you are in %(group)s", group=name)
            )
            return _("to be claimed"), whole
    return _("for others"), "、".join(principal(key, names) for key in candidates)


def amount(text: str | None) -> str:
    """125,000.00 with a true minus; the unit stands once, in the heading."""
    if not text:
        return ""
    sign, digits = ("−", text[1:]) if text.startswith("-") else ("", text)
    whole, _point, places = digits.partition(".")
    return f"{sign}{int(whole):,}.{(places + '00')[:2]}"
