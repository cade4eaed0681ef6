"""The components of both locks with their licences; `python -m tests.house.third_party` writes THIRD_PARTY.md.

A Python package's licence is read from its installed metadata, an npm package's from package-lock.json.
"""

import json
import re
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]

ALLOWED = {
    "0BSD", "Apache-2.0", "Artistic-1.0-Perl", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "LGPL-3.0-only",
    "LGPL-3.0-or-later", "LicenseRef-bpmn.io", "MIT", "MIT-0", "MPL-2.0", "OFL-1.1", "PSF-2.0",
}  # fmt: skip

SPDX = {
    "Apache License": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "CC0": "CC0-1.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}

PARTS_OF_DMN_JS = ("boxed-expression", "decision-table", "drd", "literal-expression", "shared")
LOOKED_UP = {  # where the metadata is silent or loose; read in the package itself
    "bpmn-js": "LicenseRef-bpmn.io",  # MIT with the duty to show the watermark
    **dict.fromkeys(("@bpmn-io/form-js-editor", "@bpmn-io/form-js-viewer", "dmn-js"), "LicenseRef-bpmn.io"),
    **{f"dmn-js-{part}": "LicenseRef-bpmn.io" for part in PARTS_OF_DMN_JS},
    "component-props": "MIT",
    "colorama": "BSD-3-Clause",  # in the lock for Windows only
    "grimp": "BSD-2-Clause",
    "import-linter": "BSD-2-Clause",
    "requests-oauthlib": "ISC",
    "spiffworkflow": "LGPL-3.0-or-later",
    "text-unidecode": "Artistic-1.0-Perl",  # or GPL, at our choice; tests only
}


@dataclass(frozen=True)
class Component:
    name: str
    version: str
    licence: str


def python_components() -> list[Component]:
    """Return what requirements.lock pins for any platform."""
    lines = re.findall(r"^[A-Za-z0-9].*?(?= *\\?$)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    pinned = [Requirement(line) for line in lines]
    return [Component(one.name, str(one.specifier).removeprefix("=="), _licence(one.name)) for one in pinned]


def npm_components() -> list[Component]:
    """Return what web/frontend/package-lock.json pins."""
    packages = json.loads((ROOT / "web/frontend/package-lock.json").read_text())["packages"]
    found = []
    for path, about in packages.items():
        name = path.rpartition("node_modules/")[2]
        if name:
            stated = about.get("license", "unknown")
            licence = LOOKED_UP.get(name, SPDX.get(stated, stated)).strip("()")
            found.append(Component(name, about["version"], licence))
    return found


def is_allowed(licence: str) -> bool:
    """Judge an SPDX expression without brackets: of alternatives one must be allowed, of a conjunction all."""
    return any(
        all(part.strip() in ALLOWED for part in alternative.split(" AND ")) for alternative in licence.split(" OR ")
    )


def table(components: list[Component]) -> str:
    rows = [f"| {one.name} | {one.version} | {one.licence} |" for one in components]
    return "\n".join(["| component | version | licence |", "|---|---|---|", *rows])


def document() -> str:
    bundled = [one for one in npm_components() if not one.name.startswith("@esbuild/")]
    return f"""# Third-party components

Written by `make lock` from requirements.lock and web/frontend/package-lock.json. Nothing of the Python packages is part
of this repository or of its wheel: pip installs them beside it. The npm packages are bundled into web/static/dist, with
their licence texts in web/static/dist/licences.txt; esbuild only builds, axe-core only tests.

## Python

{table(python_components())}

## npm

{table(bundled)}
"""


def _licence(name: str) -> str:
    if name in LOOKED_UP:
        return LOOKED_UP[name]
    about = metadata.metadata(name)
    if expression := about.get("License-Expression"):
        return expression
    said = about.get("License") or "unknown"
    classifiers = [line for line in about.get_all("Classifier") or [] if line.startswith("License ::")]
    named = [line.rpartition(" :: ")[2] for line in classifiers if not line.endswith("OSI Approved")]
    loose = named[0] if named else said.partition("\n")[0]
    return said if is_allowed(said) else SPDX.get(loose, loose)


if __name__ == "__main__":
    print(document(), end="")
