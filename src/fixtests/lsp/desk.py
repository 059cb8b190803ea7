"""What an editor has open, judged in the worker's thread; what is stale is never given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path

from lsprotocol import types

from fixtests.lsp import actions
from fixtests.lsp.changes import Surroundings
from fixtests.lsp.documents import Document, Judged, judged
from fixtests.lsp.worker import Worker
from fixtests.model import RunError
from fixtests.report import faults
from fixtests.run.live import Live
from fixtests.text.source import SourceError

Publish = Callable[[Judged], None]


class Desk:
    """The open documents and what was found in them.

    Other threads call its public methods. `publish` is called in the worker's thread with what
    was found, as long as nothing newer is there.
    """

    def __init__(self, publish: Publish) -> None:
        self.worker = Worker(self._look_around)
        self.encoding: str = types.PositionEncodingKind.Utf16
        self._publish = publish
        self._open: dict[str, Document] = {}
        self._found: dict[str, Judged] = {}
        self._live = Live()
        self._last = ""  # the document that was judged last

    @property
    def documents(self) -> Mapping[Path, Document]:
        """The open documents by path."""
        return {item.path: item for item in [*self._open.values()]}

    def put(self, document: Document) -> None:
        """Take a document as it is now."""
        self._open[document.uri] = document
        self.worker.ask(self._judge, document.uri)

    def close(self, uri: str) -> None:
        """Let go of a document, which is as it is on disk from now on."""
        document = self._open.pop(uri, None)
        if document is not None:
            self.worker.ask(self._let_go, document)

    def renew(self) -> None:
        """Judge all anew: files or configuration changed outside of the editor."""
        self.worker.ask(self._renew)

    def found(self, uri: str) -> Judged | None:
        """Return what was found in a document as it is now, None where that is not known yet."""
        known, document = self._found.get(uri), self._open.get(uri)
        return known if known is not None and known.document is document else None

    def actions(self, uri: str, asked: types.CodeActionParams) -> Future[list[types.CodeAction]]:
        """Return what may be done at a place of a document, as it is now."""
        return self.worker.ask(self._actions, uri, asked)

    def _judge(self, uri: str) -> None:
        """Judge a document, unless that was done or is asked for again."""
        document = self._open.get(uri)
        if document is None or self.found(uri) is not None:
            return
        self._last = uri
        self._tell(self._judged(document))

    def _judged(self, document: Document) -> Judged:
        try:
            self._live.hold(document.path, document.content())
            return judged(document, self.encoding, self._live.judge(document.path))
        except (RunError, SourceError) as error:
            return Judged(document, problem=str(error))
        except Exception as error:  # a fault of ours must not end the server
            fault = f"internal error {faults.described(error)}; please report it"
            return Judged(document, problem=fault)

    def _tell(self, found: Judged) -> None:
        """Publish what was found in a document that is still as it was."""
        if self._open.get(found.document.uri) is found.document:
            self._found[found.document.uri] = found
            self._publish(found)

    def _let_go(self, document: Document) -> None:
        self._found.pop(document.uri, None)
        if document.path not in self.documents:
            self._live.let_go(document.path)

    def _renew(self) -> None:
        self._live.renew()
        self._found.clear()
        for uri in sorted(self._open, key=lambda item: item != self._last):
            self.worker.ask(self._judge, uri)

    def _look_around(self) -> bool:
        """Judge one more document anew that others have changed since; tell whether more may be."""
        last = self._open.get(self._last)
        if last is not None and self._live.is_behind(last.path):
            self._live.renew()
            self._judged(last)
            return True
        for document in [*self._open.values()]:
            found = self.found(document.uri)
            if found is not None and not found.problem and self._live.may_differ(document.path):
                self._tell(self._judged(document))
                return True
        return False

    def _actions(self, uri: str, asked: types.CodeActionParams) -> list[types.CodeAction]:
        self._judge(uri)  # where all is judged anew, that comes later only
        found = self.found(uri)
        if found is None:
            return []
        offered = actions.offered(found, asked, Surroundings(self._live, self.documents))
        return offered if self.found(uri) is found else []
