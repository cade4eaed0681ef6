"""Tells a procedure in words, from its files: `explain`. What has no words is left out; no expression is shown."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.workflow.explained import (
    Deadline,
    Event,
    Explained,
    Parameter,
    Question,
    Start,
    Step,
    Table,
    Way,
)  # fmt: skip
from engine.workflow.lint.decision_table import DecisionTable
from engine.workflow.lint.diagram import (
    Diagram,
    Flow,
    Node,
    Scope,
    called_decision,
    condition_text,
    service_call,
    timer_of,
)
from engine.workflow.lint.form_fields import FormFile
from engine.workflow.lint.material import Material
from engine.workflow.lint.reading import content_of, local
from engine.workflow.wording import Known, Names, Unsayable, Writer
from engine.workflow.wording.cells import cell_words, output_words
from engine.workflow.wording.names import label_of
from engine.workflow.wording.papers import paper_title
from engine.workflow.wording.times import WEEKDAYS
from engine.workflow.wording.ways import ways_from

STEPS = (
    "userTask", "serviceTask", "businessRuleTask", "callActivity", "subProcess", "intermediateCatchEvent",
    "intermediateThrowEvent",
)  # fmt: skip
MANAGER = "group:service_manager"
INTERNAL = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")


def explain(material: Material, known: Known, language: str) -> Explained:
    """Tell a procedure.

    Args:
        material: Its own files, also of a draft that has problems still.
        language: zh or en.
    """
    w = Writer(Names(material, known), language)
    telling = _Telling(w, material.diagrams[0]) if material.diagrams else None
    values = material.settings.values
    return Explained(
        procedure=material.procedure,
        title=w.pick(w.names.title),
        about=_documentation(material.diagrams[0].xml) if material.diagrams else "",
        clauses=tuple(str(one) for one in values.get("clauses") or ()),
        owner=_principal(w, values.get("owner")),
        starters=_starters(w),
        starts=tuple(telling.starts()) if telling else (),
        steps=telling.steps(material.diagrams[0].scopes[0]) if telling else (),
        ends=tuple(dict.fromkeys(w.pick(pair) for pair in w.names.end_states().values())),
        tables=tuple(_table(w, table) for table in material.tables if table.rows),
        parameters=tuple(_parameters(w)),
        papers=tuple(title for one in material.templates.values() if (title := paper_title(one))),
    )


def _principal(w: Writer, key: object) -> str:
    text = str(key or "")
    found = w.names.principal(text if ":" in text else f"group:{text}")
    return w.pick(found) if found is not None else ""


def _starters(w: Writer) -> tuple[str, ...]:
    """Who may start it by hand: as `starters` says, else the groups of its lanes."""
    settings = w.names.material.settings
    named = settings.values.get("starters")
    keys = named if isinstance(named, list) else [key for key in settings.lanes.values() if key]
    return tuple(dict.fromkeys(name for key in keys if (name := _principal(w, key))))


def _parameters(w: Writer) -> Iterator[Parameter]:
    entries = w.names.material.settings.values.get("parameters")
    for name, entry in entries.items() if isinstance(entries, Mapping) else ():
        value, title, unit = w.names.parameter(name)
        said = f"{_value(w, value)} {w.pick(unit)}".strip()
        convention = isinstance(entry, Mapping) and entry.get("convention") is True
        yield Parameter(title=w.pick(title), value=said, convention=convention)


def _value(w: Writer, value: Any) -> str:
    """A parameter's value: a weekday, a group or yes and no by their names."""
    if isinstance(value, bool):
        return w.of("是", "yes") if value else w.of("否", "no")
    if isinstance(value, list):
        return w.of("、", ", ").join(_value(w, one) for one in value)
    text = str(value)
    if text in WEEKDAYS:
        return w.pick(WEEKDAYS[text])
    return _principal(w, text) or text


def _table(w: Writer, table: DecisionTable) -> Table:
    rows = []
    for row in table.rows:
        given = [_cell(w, column.text, text) for column, text in zip(table.inputs, row.cells, strict=False)]
        then = [
            _plain(output_words(w, column.name, text)) for column, text in zip(table.outputs, row.results, strict=False)
        ]
        rows.append((*given, *then))
    return Table(
        name=table.name or w.pick(w.names.title),
        inputs=tuple(one.name or "…" for one in table.inputs),
        outputs=tuple(one.text or "…" for one in table.outputs),
        rows=tuple(rows),
        first=table.hit_policy == "FIRST",
    )


def _cell(w: Writer, column: str, text: str) -> str:
    try:
        return cell_words(w, column, text)
    except Unsayable:
        return "…"


def _plain(text: str) -> str:
    """What is an expression or an internal key still is not for readers."""
    return "…" if INTERNAL.search(text) or "(" in text else text


def _documentation(element: Any) -> str:
    return " ".join(content_of(child) for child in element if local(child) == "documentation")


class _Telling:
    """Tells the steps of one diagram."""

    def __init__(self, w: Writer, diagram: Diagram) -> None:
        self.w = w
        self.diagram = diagram
        self.numbers: dict[str, str] = {}
        self._number(diagram.scopes[0], "")

    def starts(self) -> Iterator[Start]:
        for node in self.diagram.scopes[0].starts():
            form = self.w.names.form(node)
            kind, words = self._beginning(node)
            yield Start(
                kind=kind,
                name=self._name(node),
                words=words,
                form=self._title(form),
                questions=self._questions(form),
                ways=self._ways(node),
            )

    def _beginning(self, node: Node) -> tuple[str, str]:
        """Kind and words of a start."""
        timer = timer_of(node)
        if timer is not None:
            return "timer", self._time(timer[1])
        if node.is_message():
            return "message", ""
        calls = self._callers()
        return "called" if calls and not self._by_hand() else "hand", calls

    def steps(self, scope: Scope) -> tuple[Step, ...]:
        """The steps of a block in the order in which they are reached."""
        return tuple(self._step(node) for node in _order(scope))

    def _number(self, scope: Scope, before: str) -> None:
        for count, node in enumerate(_order(scope), 1):
            self.numbers[node.id] = f"{before}{count}"
            if node.inside is not None:
                self._number(node.inside, f"{before}{count}.")

    def _by_hand(self) -> bool:
        named = self.w.names.material.settings.values.get("starters")
        return not isinstance(named, list) or bool(named)

    def _callers(self) -> str:
        found = [
            self.w.quoted(self.w.pick(Names(other).title))
            for process, other in sorted(self.w.names.known.procedures.items())
            if process != self.diagram.id
            and any(
                n.xml.get("calledElement") == self.diagram.id for d in other.diagrams for n in d.of_tag("callActivity")
            )
        ]
        return self.w.of("、", ", ").join(found)

    def _step(self, node: Node) -> Step:
        w = self.w
        form = w.names.form(node) if node.tag == "userTask" else None
        hanging = node.scope.boundaries(node.id)
        deadlines = [one for one in hanging if "deadline" in one.properties]
        called = w.names.called(node.xml.get("calledElement", "")) if node.tag == "callActivity" else None
        return Step(
            number=self.numbers[node.id],
            kind=node.tag,
            name=self._name(node),
            who=self._who(node),
            excluded=self._said(w.who, node.properties.get("excluded")),
            items=self._said(w.items, node.properties.get("for_each")),
            early=self._time(node.properties.get("too_early_until", "")),
            about=_documentation(node.xml),
            form=self._title(form),
            does=self._does(node),
            calls=called.material.procedure if called is not None else "",
            questions=self._questions(form),
            deadlines=tuple(self._deadline(one) for one in deadlines),
            events=tuple(self._event(one) for one in hanging if one not in deadlines),
            ways=self._ways(node),
            together=_forks(node),
            steps=self.steps(node.inside) if node.inside is not None else (),
        )

    def _name(self, node: Node) -> str:
        return self.w.pick(self.w.names.pair(node.name)) if node.name else ""

    def _said(self, say: Callable[[str], str], text: str | None) -> str:
        if not text:
            return ""
        try:
            return say(text)
        except Unsayable:
            return self.w.of("按案情而定", "as the case has it")

    def _time(self, text: str) -> str:
        return self._said(lambda one: self.w.time(one).words, text)

    def _who(self, node: Node) -> str:
        if node.tag != "userTask":
            return ""
        if "candidate" in node.properties:
            return self._said(self.w.who, node.properties["candidate"])
        return self.w.pick(self.w.names.lane(node.lane.name)) if node.lane is not None and node.lane.name else ""

    def _does(self, node: Node) -> str:
        """What an automatic step does, as far as a person needs to know."""
        w, names = self.w, self.w.names
        called = service_call(node)
        if called is not None and called[0] == "make_paper":
            key = called[1].get("document", "").strip("\"'")
            title = paper_title(names.material.templates.get(f"documents/{key}.typ", b""))
            return w.of("打印单据{x}", "prints the paper {x}", x=w.quoted(title)) if title else ""
        if node.tag == "businessRuleTask":
            table = names.material.table(called_decision(node) or "")
            return (
                w.of("按决策表{x}判定", "decided by the table {x}", x=w.quoted(table.name))
                if table and table.name
                else ""
            )
        if node.tag == "callActivity":
            procedure = names.called(node.xml.get("calledElement", ""))
            return w.quoted(w.pick(procedure.title)) if procedure is not None else ""
        if node.is_timer():
            timer = timer_of(node)
            return w.of("等到{x}", "waits until {x}", x=self._time(timer[1])) if timer else ""
        if node.tag == "intermediateCatchEvent":
            return w.of("等待消息", "waits for a message") if node.is_message() else ""
        return ""

    def _deadline(self, node: Node) -> Deadline:
        timer = timer_of(node)
        text = timer[1] if timer is not None else ""
        met = node.properties.get("met_when")
        return Deadline(
            key=node.properties["deadline"],
            name=self._name(node),
            time=self._time(text),
            convention=self._is_convention(text),
            met_when=self._condition(met) if met else "",
            told=self._told(node.properties.get("responsible", "")),
            then=tuple(way for way in self._ways(node) if not self._only_breach(node)),
        )

    def _told(self, responsible: str) -> str:
        """Who is told of a breach: whom the deadline names, else the heads of its groups, and the service manager."""
        w = self.w
        manager = w.pick(w.names.principal(MANAGER) or ("客服经理", "the service manager"))
        told = self._said(w.who, responsible) or w.of("办理小组的负责人", "the head of the group")
        return told if told == manager else w.of("{a}、{b}", "{a} and {b}", a=told, b=manager)

    def _is_convention(self, text: str) -> bool:
        entries = self.w.names.material.settings.values.get("parameters")
        used = (
            [entries.get(name) for name in re.findall(r'parameter\("(\w+)"\)', text)]
            if isinstance(entries, Mapping)
            else []
        )
        return any(isinstance(one, Mapping) and one.get("convention") is True for one in used)

    def _only_breach(self, timer: Node) -> bool:
        ends = [timer.scope.nodes.get(flow.target) for flow in timer.outgoing]
        return all(end is not None and end.properties.get("breach") == "default" for end in ends)

    def _event(self, node: Node) -> Event:
        w, name = self.w, self.w.quoted(self._name(node))
        condition, timer = condition_text(node), timer_of(node)
        if timer is not None:
            words = w.of("到了{x}（{n}）", "at {x} ({n})", x=self._time(timer[1]), n=name)
        elif condition:
            said = self._condition(condition)
            words = w.of("一旦{x}（{n}）", "as soon as {x} ({n})", x=said, n=name) if said else name
        elif node.is_message():
            words = w.of("收到消息{n}", "the message {n} comes", n=name)
        else:
            words = w.of("发生{n}", "{n} happens", n=name)
        return Event(words=words, interrupts=node.interrupting, then=self._ways(node))

    def _condition(self, text: str) -> str:
        try:
            return self.w.condition(text)
        except Unsayable:
            return ""

    def _ways(self, node: Node) -> tuple[Way, ...]:
        found = []
        for when, target in ways_from(self.w, node):
            ends = target.tag == "endEvent"
            found.append(Way(when=when, to=self._name(target), number=self.numbers.get(target.id, ""), ends=ends))
        return tuple(way for way in dict.fromkeys(found) if way.to)

    def _title(self, form: FormFile | None) -> str:
        json = form.json if form is not None and form.json is not None else {}
        return self.w.pick((str(json.get("title") or ""), str(json.get("title_en") or json.get("title") or "")))

    def _questions(self, form: FormFile | None) -> tuple[Question, ...]:
        found = []
        for component in form.components.values() if form is not None else ():
            if component.get("type") in ("text", "group", "separator"):
                continue
            label, more = label_of(component), component.get("properties")
            limits = component.get("validate")
            parts = [part for part in component.get("components") or () if isinstance(part, Mapping)]
            found.append(
                Question(
                    label=self.w.pick(label.text),
                    required=isinstance(limits, Mapping) and limits.get("required") is True,
                    sometimes=isinstance(more, Mapping) and "show_if" in more,
                    choices=tuple(self.w.pick(one) for one in label.choices.values()),
                    parts=tuple(self.w.pick(label_of(part).text) for part in parts),
                )
            )
        return tuple(found)


def _order(scope: Scope) -> list[Node]:
    """The steps of a block, each behind what leads to it but for the ways back; what only an event leads to comes last.

    That is the reverse of the order in which a walk leaves the shapes, which goes the straight way last.
    """
    left: list[Node] = []
    seen: set[str] = set()

    def walk(node: Node) -> None:
        if node.id in seen:
            return
        seen.add(node.id)
        for event in scope.boundaries(node.id):
            walk(event)
        for target in reversed(_targets(scope, node.outgoing)):
            walk(target)
        left.append(node)

    for start in reversed(scope.starts()):
        walk(start)
    rest = [node for name, node in scope.nodes.items() if name not in seen]
    return [node for node in [*reversed(left), *rest] if node.tag in STEPS]


def _targets(scope: Scope, flows: list[Flow]) -> list[Node]:
    return [scope.nodes[flow.target] for flow in flows if flow.target in scope.nodes]


def _forks(node: Node) -> bool:
    """Whether all that comes next begins at once."""
    nexts = [node.scope.nodes.get(flow.target) for flow in node.outgoing]
    return any(one is not None and one.tag == "parallelGateway" and len(one.outgoing) > 1 for one in nexts)
