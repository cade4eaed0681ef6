"""All tables on one MetaData; a file per aggregate."""

from engine.db.models.access import access
from engine.db.models.books import (
    award,
    fault_slip,
    inspection,
    kept_paper,
    ledger_entry,
    ledger_posting,
    repair_cost,
    suspension,
)
from engine.db.models.cases import (
    breach,
    concern,
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
from engine.db.models.log import case_file, command, epoch, file, submission
from engine.db.models.metadata import metadata
from engine.db.models.people import api_token, group_, membership, person, session_
from engine.db.models.proofs import proof, seal
from engine.db.models.registers import (
    calendar_day,
    calendar_year,
    contract,
    contract_change,
    crew,
    customer,
    equipment,
    site,
    warranty_card,
)
from engine.db.models.studio import draft_file, option, procedure_draft, publication

__all__ = [
    "access",
    "api_token",
    "award",
    "breach",
    "calendar_day",
    "calendar_year",
    "case_file",
    "command",
    "concern",
    "contract",
    "contract_change",
    "counter",
    "crew",
    "customer",
    "deadline_met",
    "deployment",
    "deployment_file",
    "draft",
    "draft_file",
    "epoch",
    "equipment",
    "fault_slip",
    "file",
    "group_",
    "inbox",
    "inspection",
    "instance",
    "job",
    "kept_paper",
    "ledger_entry",
    "ledger_posting",
    "membership",
    "message",
    "message_wait",
    "metadata",
    "notice",
    "option",
    "party",
    "person",
    "procedure_draft",
    "proof",
    "publication",
    "repair_cost",
    "seal",
    "session_",
    "site",
    "start_message",
    "submission",
    "suspension",
    "user_task",
    "warranty_card",
]
