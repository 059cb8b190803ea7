"""Results as edits of documents: the one that is judged, and shared modules that fixes need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types
from pygls import uris

from fixtests.lsp import positions
from fixtests.lsp.documents import Document
from fixtests.lsp.positions import Positions
from fixtests.model import Edit, FileResult, RunError, digest
from fixtests.plan.plan import MovedError, Plan, Write
from fixtests.run.live import Live
from fixtests.text.source import SourceError

Change = types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile
UNSAVED = "{}: holds something else than what is saved; save it first"


@dataclass(frozen=True)
class Surroundings:
    """What the fixes of a document may need: what is known of its tree, what else is open."""

    live: Live
    documents: Mapping[Path, Document]


def made(
    result: FileResult, document: Document, places: Positions, around: Surroundings
) -> types.WorkspaceEdit:
    """Return what the result of a document writes, as edits of it and of others.

    Raises RunError where a module that it needs, too, cannot be extended.
    """
    parts: list[Change] = []
    for write in Plan.build([result]).writes:
        if write.path == document.path:
            parts.append(own(document, places, write.edits))
        else:
            parts += _elsewhere(write, places.encoding, around.documents.get(write.path))
    return of(parts)


def of(parts: Sequence[Change]) -> types.WorkspaceEdit:
    """Return some changes as one."""
    return types.WorkspaceEdit(document_changes=parts)


def own(document: Document, places: Positions, edits: Iterable[Edit]) -> types.TextDocumentEdit:
    """Return edits of an open document, for the version that they were made for."""
    return _edited(document.uri, document.version, places, edits)


def _elsewhere(write: Write, encoding: str, document: Document | None) -> Iterator[Change]:
    """Yield what becomes of a module that is not judged now. Raises RunError."""
    uri = document.uri if document else str(uris.from_fs_path(str(write.path)))
    try:
        if document is not None and digest(document.content()) != write.digest:
            raise RunError(UNSAVED.format(write.path))
        source = write.source()
    except (MovedError, SourceError) as error:
        raise RunError(f"{write.path}: {error}") from None
    if write.digest is None:
        yield types.CreateFile(uri)
    marked = document is not None and document.text.startswith(positions.MARK)
    places = Positions(source, encoding, marked)
    yield _edited(uri, document.version if document else None, places, write.edits)


def _edited(
    uri: str, version: int | None, places: Positions, edits: Iterable[Edit]
) -> types.TextDocumentEdit:
    about = types.OptionalVersionedTextDocumentIdentifier(uri, version)
    return types.TextDocumentEdit(about, [places.edit(item) for item in edits])
