"""One blueprint a file."""

from web.views import (
    audit_export,
    audit_search,
    calendar,
    cases,
    customers,
    files,
    health,
    incidents,
    notices,
    people,
    registers,
    session,
    sheets,
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
    customers.pages,
    sheets.pages,
    registers.pages,
    people.pages,
    calendar.pages,
    incidents.pages,
    files.pages,
    session.pages,
    health.pages,
    audit_search.pages,
    audit_export.pages,
)
