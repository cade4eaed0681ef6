"""The title of a paper, as its template says it."""

import re

TITLE = re.compile(r'title:\s*"([^"\\]{1,60})"')


def paper_title(template: bytes) -> str:
    """“限期整改通知单”, "" where the template names none."""
    found = TITLE.search(template.decode("utf-8", "replace"))
    return found[1] if found else ""
