"""Make a printed paper of a case and keep it with the case (procedures.md 7)."""

from engine import file_store
from engine.papers.gathering import Place, gather
from engine.papers.press import PRESS
from engine.service_tasks.registry import Occasion, Result, operation

PDF = "application/pdf"


@operation(parameters={"document": True, "copies": False, "subject": False}, results=frozenset({"digest"}), job=True)
def make_paper(occasion: Occasion, *, document: str, copies: int = 1, subject: object = None) -> Result:
    """Set a document of the procedure with the case's data.

    Args:
        document: `documents/<document>.typ` of the procedure in which the service task stands.
        copies: How often the paper is printed in the file, each with its mark (监理留存, 项目经理留存).
        subject: What the paper is about where the case has several: a crew, a person.
    Returns:
        `digest`: of the PDF, SHA-256 as 64 hex digits.
    Raises:
        PaperFailed: The document is missing, or its template is wrong.
    """
    outside = occasion.outside
    assert outside is not None  # a job
    place = Place(case_id=occasion.case_id, seq=outside.seq, scope=outside.scope, at=occasion.now)
    with outside.read() as connection:
        material = gather(connection, outside.settings, place, document, copies=copies, subject=subject)
    paper = PRESS.pdf(material.template, material.data, occasion.now)
    digest = file_store.keep(outside.settings, paper.content)
    name = f"{paper.title or document} {material.number}.pdf"
    outside.files.append({"digest": digest, "name": name, "size": len(paper.content), "type": PDF})
    return {"digest": digest}
