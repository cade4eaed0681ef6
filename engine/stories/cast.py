"""Which procedures a story needs published: its own, what that calls, and what its messages begin.

The others stay away, so that a weekly meeting of one procedure is not on stage in every story of another.
"""

from functools import lru_cache
from pathlib import Path

from engine.stories.story import Story
from engine.workflow.lint.folder import called_folders, procedure_folders
from engine.workflow.lint.reading import read_xml

_THROWS = ("intermediateThrowEvent", "endEvent")


def cast(story: Story) -> list[Path]:
    """The folders to publish, by name; those that a step names as `case` or an expectation as `cases` included."""
    own = story.path.parent.parent
    folders = {folder.name: folder for folder in procedure_folders(own.parent)}
    named = {own.name, story.procedure}
    for deed in (story.start, *story.deeds):
        named |= {deed.case or own.name, *deed.expect.get("cases", ())}
    queue, found = sorted(named & folders.keys()), set[str]()
    while queue:
        name = queue.pop()
        if name in found:
            continue
        found.add(name)
        queue += [called.name for called in called_folders(folders[name])]
        sent = _messages(folders[name])[0]
        queue += [other for other, folder in folders.items() if _messages(folder)[1] & sent]
    return [folders[name] for name in sorted(found)]


def _messages(folder: Path) -> tuple[frozenset[str], frozenset[str]]:
    """The names of the messages that a procedure sends, and of those that begin a case of it."""
    paths = sorted(folder.glob("*.bpmn"))
    return _read(tuple((path, path.stat().st_mtime_ns) for path in paths))


@lru_cache(maxsize=512)
def _read(versions: tuple[tuple[Path, int], ...]) -> tuple[frozenset[str], frozenset[str]]:
    sent, begins = set[str](), set[str]()
    for path, _ in versions:
        root, _ = read_xml(path.name, path.read_bytes())
        if root is None:
            continue
        names = {one.get("id"): one.get("name", "") for one in root.iter("{*}message")}
        for tags, into in ((_THROWS, sent), (("startEvent",), begins)):
            for event in root.iter(*(f"{{*}}{tag}" for tag in tags)):
                into |= {names.get(one.get("messageRef"), "") for one in event.iter("{*}messageEventDefinition")}
    return frozenset(sent - {""}), frozenset(begins - {""})
