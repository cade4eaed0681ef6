"""Folders of processes/ and forms/ → the files of one deployment, named as `parser.parse` wants them."""

from collections.abc import Iterator
from pathlib import Path

from engine.workflow.lint.diagram import Diagram, read_diagram
from engine.workflow.lint.reading import children, read_xml

OWN = ("*.bpmn", "*.dmn", "procedure.toml", "documents/*")


def procedure_folders(path: Path) -> list[Path]:
    """The procedures that a path means: a folder with a diagram, the diagram itself, or a folder of such folders."""
    if path.is_file():
        return [path.parent] if path.suffix == ".bpmn" else []
    if next(path.glob("*.bpmn"), None):
        return [path]
    return sorted({diagram.parent for diagram in path.glob("*/*.bpmn")})


def files_of(folder: Path, forms: Path, *, calls: bool = False) -> dict[str, bytes]:
    """The files of the procedure in `folder`, forms from `forms`/<procedure>/; with `calls` all that it calls too."""
    found = _own_files(folder, forms)
    if calls:
        for called in called_folders(folder):
            found |= {f"calls/{called.name}/{name}": content for name, content in _own_files(called, forms).items()}
    return found


def _own_files(folder: Path, forms: Path) -> dict[str, bytes]:
    paths = {path.relative_to(folder).as_posix(): path for pattern in OWN for path in folder.glob(pattern)}
    own_forms = {f"forms/{folder.name}/{path.name}": path for path in (forms / folder.name).glob("*.json")}
    return {name: path.read_bytes() for name, path in sorted((paths | own_forms).items()) if path.is_file()}


def called_folders(folder: Path) -> list[Path]:
    """Every folder beside this one whose process is called, directly or by what is called."""
    found: dict[str, Path] = {}
    queue = [folder]
    while queue:
        for name in _calls(queue.pop()):
            called = folder.parent / name.replace("_", "-")
            if called.is_dir() and called != folder and called.name not in found:
                found[called.name] = called
                queue.append(called)
    return [found[name] for name in sorted(found)]


def _calls(folder: Path) -> set[str]:
    return {
        node.xml.get("calledElement", "")
        for diagram in diagrams_of(folder)
        for node in diagram.of_tag("callActivity")
    } - {""}  # fmt: skip


def diagrams_of(folder: Path) -> Iterator[Diagram]:
    """The processes of a folder; what cannot be read is left out."""
    for path in sorted(folder.glob("*.bpmn")):
        root, _ = read_xml(path.name, path.read_bytes())
        if root is not None:
            yield from (read_diagram(path.name, folder.name, root, one) for one in children(root, "process"))
