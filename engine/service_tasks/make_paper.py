"""Make a printed paper of a case and keep it with the case (procedures.md 7)."""

from engine import file_store
from engine.papers.gathering import Place, gather
from engine.papers.press import PRESS
from engine.service_tasks.registry import Occasion, Result, operation

PDF = "application/pdf"


@operation(parameters={"document": True, "copies": False, "subject": False}, results=frozenset(), aside=True)
def make_paper(occasion: Occasion, *, document: str, copies: int = 1, subject: object = None) -> Result:
    """Set a document of the procedure with the case's data.

    Args:
        document: `documents/<document>.typ` of the procedure in which the service task stands.
        copies: How often the paper is printed in the file, each with its mark (监理留存, 项目经理留存).
        subject: What the paper is about where the case has several: a crew, a person.
    Raises:
        PaperFailed: The document is missing, or its template is wrong.
    """
    aside = occasion.aside
    assert aside is not None
    where = {name: getattr(aside, name) for name in ("seq", "scope", "process", "known")}
    place = Place(case_id=occasion.case_id, at=occasion.now, **where)
    with aside.read() as connection:
        material = gather(connection, aside.settings, place, document, copies=copies, subject=subject)
    paper = PRESS.pdf(material.template, material.data, occasion.now)
    digest = file_store.keep(aside.settings, paper.content)
    name = f"{paper.title or document} {material.number}.pdf"
    aside.files.append({"digest": digest, "name": name, "size": len(paper.content), "type": PDF})
    return {}
