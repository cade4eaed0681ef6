"""A procedure told in words: what `explaining.explain` gives and the manual's page shows, all in one language."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Way:
    """What comes next: on which condition ("" for always), and what; `number` is of a step of this page."""

    when: str = ""
    to: str
    number: str = ""
    ends: bool = False


@dataclass(frozen=True, kw_only=True)
class Question:
    """A field of a form; `choices` may be empty, `parts` are the columns of a list."""

    label: str
    required: bool = False
    sometimes: bool = False
    choices: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A deadline and what happens when it passes: who is `told`, and where it goes on besides."""

    key: str
    name: str
    time: str
    convention: bool = False
    met_when: str = ""
    told: str = ""
    then: tuple[Way, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that may happen while a step is open."""

    words: str
    interrupts: bool
    then: tuple[Way, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step. `kind` is BPMN's tag. `calls` is another procedure; `steps` are those of a block."""

    number: str
    kind: str
    name: str
    who: str = ""
    excluded: str = ""
    items: str = ""
    early: str = ""
    about: str = ""
    form: str = ""
    does: str = ""
    calls: str = ""
    questions: tuple[Question, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    events: tuple[Event, ...] = ()
    ways: tuple[Way, ...] = ()
    together: bool = False
    steps: "tuple[Step, ...]" = ()


@dataclass(frozen=True, kw_only=True)
class Start:
    """How it begins. `kind`: hand, message, timer or called; `words`: when, or by which step of which procedure."""

    kind: str
    name: str
    words: str = ""
    form: str = ""
    questions: tuple[Question, ...] = ()
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Table:
    """A decision table; of every row the cells under `inputs`, then those under `outputs`; "" where anything goes."""

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first: bool  # of several rows that hold the first counts


@dataclass(frozen=True, kw_only=True)
class Parameter:
    title: str
    value: str
    convention: bool


@dataclass(frozen=True, kw_only=True)
class Explained:
    """A whole procedure."""

    procedure: str
    title: str
    about: str
    clauses: tuple[str, ...]
    owner: str
    starters: tuple[str, ...]
    starts: tuple[Start, ...]
    steps: tuple[Step, ...]
    ends: tuple[str, ...]
    tables: tuple[Table, ...]
    parameters: tuple[Parameter, ...]
    papers: tuple[str, ...]
