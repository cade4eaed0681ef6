"""Plays a story on a real engine with a held clock, and checks what it says after every step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import clock, worker
from engine.actor import Actor
from engine.db.models import instance
from engine.errors import EngineError, FormRejected, StoryFailed
from engine.executor import Engine
from engine.stories import deeds, facts, reasons
from engine.stories.story import Deed, Story
from engine.workflow import runner


@dataclass
class Playing:
    """A story in progress: its engine, the people by login, the cases it has caused."""

    story: Story
    engine: Engine
    people: Mapping[str, Actor]
    case: str = ""  # id of the case that the story started
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.story.start.at

    def fail(self, deed: Deed, code: str, **context: Any) -> None:
        """Raise StoryFailed with a code of `reasons.TEXTS`."""
        raise reasons.failed(self.story.name, deed.number, code, deed=deed.do, **context)

    def actor(self, deed: Deed) -> Actor:
        if deed.by not in self.people:
            self.fail(deed, "nobody", who=deed.by)
        return self.people[str(deed.by)]

    def case_of(self, deed: Deed) -> str:
        """The case that a deed is about: the story's own, or the newest of a procedure that it has caused."""
        if deed.case is None or (deed.case == self.story.procedure and not deed.extra.get("newest")):
            if not self.case:
                self.fail(deed, "no_start")
            return self.case
        with self.engine.read() as connection:
            newest = sa.select(instance.c.id).where(instance.c.procedure == deed.case)
            found = connection.scalars(newest.order_by(instance.c.started_at.desc(), instance.c.id)).first()
        if found is None:
            self.fail(deed, "no_case", procedure=deed.case)
        return str(found)

    def value(self, given: Any) -> Any:
        """Form values as a story writes them; "@login" stands for that person's row."""
        if isinstance(given, str) and given.startswith("@"):
            return self.people[given[1:]].key.removeprefix("person:")
        if isinstance(given, dict):
            return {key: self.value(item) for key, item in given.items()}
        if isinstance(given, list):
            return [self.value(item) for item in given]
        return given


def play(story: Story, engine: Engine, people: Mapping[str, Actor]) -> Playing:
    """Play a story from its start to its last step.

    Raises:
        StoryFailed: A step was refused or an expectation does not hold; names the step.
    """
    playing = Playing(story, engine, people)
    _step(playing, story.start, deeds.start)
    for deed in story.deeds:
        _step(playing, deed, deeds.BY_NAME.get(deed.do, deeds.complete))
    with runner.observed(lambda _definition, _step: None):  # what is replayed was walked before
        facts.check_integrity(playing)
    return playing


def _pass_time(playing: Playing, deed: Deed) -> None:
    """Move the clock to a deed; the loop has performed what was due on the way, unless it was down."""
    if deed.at < playing.now:
        playing.fail(deed, "clock")
    if not _loop_is_down(deed):
        worker.run_until(playing.engine, deed.at)
    playing.now = deed.at


def _loop_is_down(deed: Deed) -> bool:
    """Nothing was performed before a downtime's end, or before a click that says `loop_down`."""
    return deed.do == "downtime" or bool(deed.extra.get("loop_down"))


def _step(playing: Playing, deed: Deed, act: Callable[[Playing, Deed], None]) -> None:
    with playing.engine.read() as connection:
        before = facts.notices(connection)
    _pass_time(playing, deed)
    wanted = deed.expect.get("refused")
    with clock.hold(deed.at):
        try:
            act(playing, deed)
        except EngineError as error:
            if isinstance(error, StoryFailed):
                raise
            _refused(playing, deed, error, wanted)
        else:
            if wanted:
                playing.fail(deed, "went_through", wanted=wanted)
        if deed.do != "downtime":
            worker.run_until(playing.engine, deed.at)
    facts.check(playing, deed, before)


def _refused(playing: Playing, deed: Deed, error: EngineError, wanted: str | None) -> None:
    codes = {error.code}
    fields: dict[str, Any] = {}
    if isinstance(error, FormRejected):
        fields = dict(error.context.get("errors", {}))
        codes |= {reason[0] for reason in fields.values()}
    if wanted not in codes:
        said = {"codes": sorted(codes), "context": error.context, "wanted": wanted or "nothing of the kind"}
        playing.fail(deed, "refused", message=reasons.refusal(error), **said)
    named = deed.expect.get("field")
    if named is not None and named not in fields and named != error.context.get("field"):
        playing.fail(deed, "refused_elsewhere", fields=sorted(fields), named=named)
