"""One blueprint a file."""

from web.views import (
    calendar,
    cases,
    files,
    health,
    incidents,
    notices,
    people,
    registers,
    session,
    start,
    tasks,
    worklist,
)

BLUEPRINTS = (
    worklist.pages,
    tasks.pages,
    start.pages,
    cases.pages,
    notices.pages,
    registers.pages,
    people.pages,
    calendar.pages,
    incidents.pages,
    files.pages,
    session.pages,
    health.pages,
)
