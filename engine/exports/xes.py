"""An event log in XES (IEEE 1849-2016) with its extensions concept, lifecycle, time and organizational."""

import io
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from lxml import etree

from engine.clock import OFFICE
from engine.exports import events
from engine.exports.events import Event, Selection

NAMESPACE = "http://www.xes-standard.org/"
EXTENSIONS = {"concept": "Concept", "lifecycle": "Lifecycle", "time": "Time", "org": "Organizational"}
ENOUGH = 1 << 16  # bytes in one piece
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_GLOBAL_EVENT = {
    "concept:name": "UNKNOWN",
    "lifecycle:transition": "complete",
    "time:timestamp": datetime(1970, 1, 1, tzinfo=OFFICE),
    "org:resource": "UNKNOWN",
}


def written(connection: sa.Connection, selection: Selection) -> Iterator[bytes]:
    """The log, piece by piece.

    Raises:
        NotFound: There is no such case; before the first piece.
    """
    traces = events.traces(connection, selection)
    first = next(traces, None)
    buffer = io.BytesIO()
    with etree.xmlfile(buffer, encoding="utf-8") as file:
        file.write_declaration()
        about = {"xes.version": "1849.2016", "xes.features": ""}
        with file.element("log", about, nsmap={None: NAMESPACE}):
            for part in _head():
                file.write(part)
            if first is not None:
                file.write(_trace(*first, selection))
            for case, happened in traces:
                file.write(_trace(case, happened, selection))
                if buffer.tell() >= ENOUGH:
                    yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.BytesIO) -> bytes:
    piece = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return piece


def _head() -> Iterator[Any]:
    for prefix, name in EXTENSIONS.items():
        yield _element("extension", name=name, prefix=prefix, uri=f"{NAMESPACE}{prefix}.xesext")
    for scope, known in (("trace", {"concept:name": "UNKNOWN"}), ("event", _GLOBAL_EVENT)):
        part = _element("global", scope=scope)
        _put(part, known)
        yield part
    yield _element("classifier", name="Activity", keys="concept:name")
    yield _element("classifier", name="ActivityAndTransition", keys="concept:name lifecycle:transition")
    about = etree.Element("log")
    _put(about, {"concept:name": "Renoflow", "lifecycle:model": "standard"})
    yield from about


def _element(tag: str, **attributes: str) -> Any:
    return etree.Element(tag, attributes)  # written into the default namespace of its log


def _trace(case: Mapping[str, Any], happened: list[Event], selection: Selection) -> Any:
    trace = _element("trace")
    about = {"concept:name": case["business_key"], **{name: case[name] for name in ("procedure", "title", "version")}}
    about |= {"started": case["started_at"], "ended": case["ended_at"]}
    about |= {"status": case["status"], "end_state": case["end_state"]}
    _put(trace, about | ({"subject": case["subject"]} if selection.names else {}))
    for one in happened:
        event = etree.SubElement(trace, "event")
        _put(
            event,
            {
                "concept:name": one.activity,
                "concept:instance": one.instance,
                "lifecycle:transition": one.transition,
                "time:timestamp": one.at,
                "org:resource": one.resource,
                "org:group": one.group or None,
                "command": one.kind,
                "element": one.element,
                "seq": one.seq,
            },
        )
    return trace


def _put(parent: Any, values: Mapping[str, Any]) -> None:
    """Add attributes of XES, each as an element of its type; what is None is left out."""
    for key, value in values.items():
        if value is None:
            continue
        if isinstance(value, datetime):
            tag, text = "date", value.astimezone(OFFICE).isoformat(timespec="milliseconds")
        elif isinstance(value, int):
            tag, text = "int", str(value)
        else:
            tag, text = "string", _UNWRITABLE.sub("\ufffd", value)
        etree.SubElement(parent, tag, {"key": key, "value": text})
