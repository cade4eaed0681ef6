"""All tables on one MetaData; a file per aggregate."""

from engine.db.models.cases import (
    breach,
    counter,
    deadline_met,
    draft,
    inbox,
    instance,
    notice,
    party,
    user_task,
)
from engine.db.models.definitions import deployment, deployment_file, start_message
from engine.db.models.jobs import job, message, message_wait
from engine.db.models.log import attempt, case_file, command, epoch, file, submission
from engine.db.models.metadata import metadata
from engine.db.models.people import api_token, group_, membership, person, session_
from engine.db.models.registers import calendar_day, calendar_year, contract, customer, site

__all__ = [
    "api_token",
    "attempt",
    "breach",
    "calendar_day",
    "calendar_year",
    "case_file",
    "command",
    "contract",
    "counter",
    "customer",
    "deadline_met",
    "deployment",
    "deployment_file",
    "draft",
    "epoch",
    "file",
    "group_",
    "inbox",
    "instance",
    "job",
    "membership",
    "message",
    "message_wait",
    "metadata",
    "notice",
    "party",
    "person",
    "session_",
    "site",
    "start_message",
    "submission",
    "user_task",
]
