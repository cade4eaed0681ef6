"""A story may try another value of a parameter: `[parameters]` in the story, changed in procedure.toml for it alone."""

import json
import re
from collections.abc import Mapping

from engine.errors import StoryFailed
from engine.stories.story import Story


def changed(files: Mapping[str, bytes], procedure: str, story: Story) -> dict[str, bytes]:
    """The files of a procedure with the story's parameters in procedure.toml.

    Raises:
        StoryFailed: The procedure has no such parameter.
    """
    result = dict(files)
    for name, value in story.parameters.items():
        owner, _, parameter = name.rpartition(".")
        if (owner or story.procedure) != procedure:
            continue
        text = result["procedure.toml"].decode()
        pattern = rf"(\[parameters\.{parameter}\][^\[]*?\bvalue\s*=\s*|^{parameter}\s*=\s*{{\s*value\s*=\s*)([^,\n}}]+)"
        text, count = re.subn(pattern, rf"\g<1>{json.dumps(value)}", text, count=1, flags=re.MULTILINE)
        if count != 1:
            raise StoryFailed(story=story.name, step=0, reason=f"{procedure} has no parameter {parameter}")
        result["procedure.toml"] = text.encode()
    return result
