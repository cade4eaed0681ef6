"""Bytes of strangers → XML trees, without entities, network, huge trees or surprises.

Nothing here raises for any input: what cannot be read is a problem.
"""

import re
from typing import TypeAlias

from lxml import etree

from engine.workflow.lint.problem import Problem, problem

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
LARGEST_BYTES = 2 * 1024 * 1024
MOST_TAGS = 30_000  # opening and closing ones; the largest reference model of others has 9 000
MOST_EQUALS = 60_000  # attributes cost more memory than their text
ENCODINGS = {"utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii", "iso-8859-1": "latin-1"}
DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
DECLARED = re.compile(rb"^[^<]{0,8}<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")

Element: TypeAlias = etree._Element


def read_xml(file: str, content: bytes) -> tuple[Element | None, tuple[Problem, ...]]:
    """Return the root element, or None and why not."""
    text, found = _text(file, content)
    if text is None:
        return None, found
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError, UnicodeError) as error:
        return None, (problem("documents.not_xml", file, reason=str(error)),)
    if root is None:
        return None, (problem("documents.not_xml", file, reason="empty"),)
    return root, ()


def _text(file: str, content: bytes) -> tuple[str | None, tuple[Problem, ...]]:
    if len(content) > LARGEST_BYTES:
        return None, (problem("documents.too_large", file, bytes=len(content), most=LARGEST_BYTES),)
    if not content.strip():
        return None, (problem("documents.empty", file),)
    declared = DECLARED.match(content)
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    try:
        text = content.decode(ENCODINGS[name]).removeprefix("\ufeff")
    except (KeyError, UnicodeDecodeError):
        return None, (problem("documents.encoding", file, encoding=name),)
    if "\0" in text:
        return None, (problem("documents.encoding", file, encoding=name),)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return None, (problem("documents.entities", file),)
    if text.count("<") > MOST_TAGS or text.count("=") > MOST_EQUALS:
        return None, (problem("documents.too_many_tags", file, most=MOST_TAGS),)
    return DECLARATION.sub("", text, count=1), ()


def local(element: Element) -> str:
    """The tag without its namespace; "" for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def namespace(element: Element) -> str:
    return element.tag[1:].partition("}")[0] if isinstance(element.tag, str) and element.tag[0] == "{" else ""


def is_bpmn(element: Element, *names: str) -> bool:
    return namespace(element) == BPMN and (not names or local(element) in names)


def children(element: Element, *names: str) -> list[Element]:
    """The BPMN children with these local names, in the order of the document."""
    return [child for child in element if is_bpmn(child, *names)]


def content_of(element: Element | None) -> str:
    """The stripped text of an element, "" where there is none."""
    return "" if element is None else "".join(str(part) for part in element.itertext()).strip()
