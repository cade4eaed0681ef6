"""The record for other programs: XES 1849-2016, CSV, JSON lines; of one case or of a period, never whole in memory."""

from collections.abc import Callable, Iterator, Mapping

import sqlalchemy as sa

from engine.exports import lines, xes
from engine.exports.events import Selection

Writer = Callable[[sa.Connection, Selection], Iterator[bytes]]
WRITERS: Mapping[str, Writer] = {"xes": xes.written, "csv": lines.csv_of_events, "jsonl": lines.jsonl_of_commands}
MEDIA_TYPES = {"xes": "application/xml", "csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}
