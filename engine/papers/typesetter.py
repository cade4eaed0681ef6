"""The process that sets papers: reads orders from stdin, answers on stdout, as long as somebody holds the other end.

A template is written by a process owner and may be wrong or hostile, so it is set in here, behind limits, and never in
the program itself (decision 0013). Run by `press` as a script of its own: standard library, typst and the font only.
An order is a line of JSON {source, data, timestamp, format}; the answer a line of JSON {size} with as many bytes
after it, or {error}.
"""

import contextlib
import json
import os
import re
import sys
from pathlib import Path
from typing import Any, BinaryIO

import typst

LIBRARY = Path(__file__).parent / "library"  # all that a template can read: paper.typ
MOST_BYTES = 2 * 1024**3  # address space; the program itself takes a third of it


def fonts() -> typst.Fonts:
    """The typeface of the wheel; where that is missing, those of the system."""
    try:
        import noto_cjk_sans_otc  # a big font that a packager may leave out
    except ImportError:
        return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)
    folder = str(Path(str(noto_cjk_sans_otc.FONT_PATH)).parent)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def limit() -> None:
    """No file may be written, no memory eaten without end. Where the system knows no limits, the time limit remains."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def compiler() -> typst.Compiler:
    """One for all orders: it keeps fonts and layout rules between them. Packages lie nowhere, so there are none."""
    nowhere = LIBRARY / "none"
    return typst.Compiler(
        root=LIBRARY, font_paths=fonts(), ignore_system_fonts=True, package_path=nowhere, package_cache_path=nowhere
    )


def answer(press: typst.Compiler, order: dict[str, Any], out: BinaryIO) -> None:
    """Set one paper and send it, or say why not."""
    try:
        made: Any = press.compile(
            input=order["source"].encode(),
            format=order["format"],
            sys_inputs={"data": json.dumps(order["data"], ensure_ascii=False)},
            timestamp=order["timestamp"],
            ppi=order.get("ppi"),
        )
    except typst.TypstError as error:
        reply, content = {"error": said(error)}, b""
    else:
        content = b"".join(made) if isinstance(made, list) else made
        sizes = [len(page) for page in made] if isinstance(made, list) else [len(made)]
        reply = {"sizes": sizes}  # type: ignore[dict-item]
    out.write(json.dumps(reply).encode() + b"\n" + content)
    out.flush()


def said(error: typst.TypstError) -> str:
    """What is wrong, and in which line of the template."""
    line = re.search(r"__typst_py_bytes__\.typ:([0-9]+)", error.diagnostic)
    where = f"line {line[1]}: " if line else ""
    return f"{where}{error.message}"[:500]


def main() -> None:
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the library says goes to stderr, not between the answers
    press = compiler()
    limit()
    for line in sys.stdin.buffer:
        answer(press, json.loads(line), out)


if __name__ == "__main__":
    main()
