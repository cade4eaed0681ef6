"""Name everything that the engine refuses or fails at.

Two branches: of a `UsageError` the caller can make something, a `Failure` needs an operator. A class's `code` never
changes; its docstring is the default message; what a person reads is in `engine.messages` under the code, formatted
with `context`. Errors carry plain data only, never a session, a task or a request, and survive pickling.
"""

import copyreg
import inspect
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class EngineError(Exception):
    """The engine could not do what was asked."""

    code: ClassVar[str] = "engine.failed"
    retryable: ClassVar[bool] = False
    final: ClassVar[bool] = False  # of a job: no further try makes sense before a person has looked
    recorded = False  # whether the access log has a row of it

    def __init__(self, **context: Any) -> None:
        super().__init__((inspect.getdoc(type(self)) or "").split("\n\n")[0])
        self.context = context

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.context.items())
        return f"{self.args[0]} ({details})" if details else str(self.args[0])

    def __reduce__(self) -> tuple[Any, ...]:
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class UsageError(EngineError):
    """The request can't be carried out as it stands."""

    code = "request.refused"


class Failure(EngineError):
    """Something broke that an operator must look at."""

    code = "engine.broken"


# What the caller asked for


class NotFound(UsageError):
    """What was asked for does not exist, or may not be seen."""

    code = "request.not_found"


class Forbidden(UsageError):
    """This person may not do that."""

    code = "access.forbidden"


class LoginRefused(UsageError):
    """The name or the password is wrong."""

    code = "login.refused"


class LoginThrottled(UsageError):
    """Too many attempts to log in; wait a little."""

    code = "login.throttled"


class InvalidCommand(UsageError):
    """A field of the command is missing or makes no sense."""

    code = "command.invalid"


class PersonUnavailable(UsageError):
    """The person in the field `field` is not there any more, or never was."""

    code = "person.unavailable"


class SheetWrong(UsageError):
    """The sheet has problems; nothing was written."""

    code = "sheet.wrong"


class SheetChanged(UsageError):
    """The register has changed since the preview; nothing was written."""

    code = "sheet.changed"


class DuplicateRequest(UsageError):
    """The same request is being carried out, or was sent before with other contents."""

    code = "request.duplicate"


class FormRejected(UsageError):
    """The form has errors; `errors` names them by field: {field key → (code, parameters)}."""

    code = "form.rejected"

    def __init__(self, errors: Mapping[str, tuple[str, Mapping[str, Any]]]) -> None:
        super().__init__(errors=dict(errors), count=len(errors))
        self.errors = dict(errors)


class FileRefused(UsageError):
    """This kind of file is not taken."""

    code = "file.refused"


class FileTooLarge(UsageError):
    """The file is larger than allowed."""

    code = "file.too_large"


# What became of the task or the case meanwhile


class ConcurrentUpdate(UsageError):
    """Somebody else has completed this task."""

    code = "task.already_completed"


class AlreadyClaimed(UsageError):
    """Somebody else has taken this task."""

    code = "task.already_claimed"


class Stale(UsageError):
    """The task has changed since the page was opened."""

    code = "task.stale"


class TooEarly(UsageError):
    """The task can't be completed before the instant `until`."""

    code = "task.too_early"


class Suspended(UsageError):
    """The case is suspended."""

    code = "case.suspended"


class CaseClosed(UsageError):
    """The case is closed."""

    code = "case.closed"


class BusinessKeyTaken(UsageError):
    """Another case of this procedure has the business key `key`."""

    code = "case.key_taken"


# What a process owner wrote


class InvalidDiagram(UsageError):
    """The procedure can't be deployed; `problems` says why."""

    code = "diagram.invalid"
    final = True

    def __init__(self, problems: Sequence[Any]) -> None:
        super().__init__(problems=tuple(problems), count=len(problems))
        self.problems = tuple(problems)


class DraftUnreadable(UsageError):
    """A file can't be read as what its name says, so it was not kept; `problems` says why."""

    code = "draft.unreadable"

    def __init__(self, problems: Sequence[Any], path: str) -> None:
        super().__init__(problems=tuple(problems), path=path)
        self.problems = tuple(problems)


class DraftChanged(UsageError):
    """Somebody else saved the file `path` of the draft; what was sent is not kept."""

    code = "draft.changed"


class DraftOpen(UsageError):
    """The procedure `procedure` has a draft already."""

    code = "draft.open"


class DraftFrozen(UsageError):
    """The draft was submitted for approval and takes no change."""

    code = "draft.frozen"


class DraftNotSubmitted(UsageError):
    """The draft is not submitted for approval, or no more."""

    code = "draft.not_submitted"
    final = True


class DraftUnchanged(UsageError):
    """The draft says the same as the version in force."""

    code = "draft.unchanged"


class DraftOvertaken(UsageError):
    """Since the draft was submitted, another version came into force; the comparison that was read is out of date."""

    code = "draft.overtaken"
    final = True


class OwnApproval(UsageError):
    """Who submitted a draft can't approve it."""

    code = "draft.own_approval"


class PackageRefused(UsageError):
    """The file is no procedure that can be brought in; `reason` says why, `entry` where (`package.<reason>`)."""

    code = "package.refused"


class InvalidFormSchema(UsageError):
    """The form can't be used; `problems` says why."""

    code = "form_schema.invalid"

    def __init__(self, problems: Sequence[Any]) -> None:
        super().__init__(problems=tuple(problems), count=len(problems))
        self.problems = tuple(problems)


class ExpressionError(UsageError):
    """An expression is not in the language of procedures, or could not be evaluated.

    `reason` is the code of the message that says why, with `parameters`; `column` counts characters from 1, 0 where it
    is not known.
    """

    code = "expression.refused"

    def __init__(self, text: str, column: int, reason: str, **parameters: Any) -> None:
        super().__init__(text=text, column=column, reason=reason, **parameters)
        self.text, self.column, self.reason, self.parameters = text, column, reason, parameters


class StoryFailed(UsageError):
    """A story did not go as it says.

    `said`: a code of engine.stories.reasons with its parameters, where there is one.
    """

    code = "story.failed"
    said: tuple[str, Mapping[str, Any]] | None = None


# What an operator must look at


class CalendarTooShort(Failure):
    """No such working day was found in the calendar."""

    code = "calendar.too_short"


class ReplayMismatch(Failure):
    """The replay of a case went another way than the record."""

    code = "replay.mismatch"


class ChainBroken(Failure):
    """The chain of the log is broken: a row was changed, removed or put in."""

    code = "log.chain_broken"


class StateUnreadable(Failure):
    """The stored state of a case can't be read by this release."""

    code = "state.unreadable"


class StepFailed(Failure):
    """The process could not move on at the element `element`."""

    code = "step.failed"


class OperationFailed(Failure):
    """An operation could not be carried out."""

    code = "operation.failed"
    retryable = True


class PaperFailed(Failure):
    """A paper could not be set; `reason` is what the typesetter says."""

    code = "paper.failed"
    final = True


class RecordAltered(Failure):
    """The nightly proof found `count` flaws in the record."""

    code = "audit.altered"
    final = True


class SealKeyLost(Failure):
    """The key that made the seals in `folder` is not here, so no further one can follow them."""

    code = "seal.key_lost"
    final = True


class MessageUnreceived(Failure):
    """Nobody waited for the message in time."""

    code = "message.unreceived"


class DatabaseUnavailable(Failure):
    """The database can't be reached."""

    code = "database.unavailable"
    retryable = True


class DatabaseBusy(Failure):
    """The database did not let us write in time."""

    code = "database.busy"
    retryable = True


class SchemaTooOld(Failure):
    """The database is of an older release; `renoflow migrate` brings it up."""

    code = "schema.too_old"


class SchemaTooNew(Failure):
    """The database is of a newer release than this program."""

    code = "schema.too_new"


class AlreadyServing(Failure):
    """Another process serves from this SQLite database."""

    code = "server.already_running"


class InvalidSetting(Failure):
    """A setting has a value that can't be used."""

    code = "settings.invalid"
