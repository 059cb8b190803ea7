"""The server itself: what it answers over LSP, and how it begins and ends."""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

from fixtests import __version__
from fixtests.lsp import actions
from fixtests.lsp.desk import Desk
from fixtests.lsp.documents import NAME, Document, Judged
from fixtests.lsp.positions import Encoding, meet
from fixtests.report import rule_pages
from fixtests.rules import registry
from fixtests.settings import config, layout, linters

# What the results of a text depend on beside itself; a baseline is JSON.
WATCHED = dict.fromkeys(("*.py", "*.json", *config.FILES, *linters.FILES, *layout.FILES))
CHANGED = types.FileChangeType.Changed
PLAIN_FILE = "file:"  # the scheme of texts that have a path


class Server(LanguageServer):
    """The language server; what works is done by its desk, in the main thread."""

    def __init__(self) -> None:
        super().__init__(NAME, __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.desk = Desk(self._publish)
        self.loop: asyncio.AbstractEventLoop | None = None
        self.code = 1  # until the editor says that it is through

    def put(self, uri: str) -> None:
        """Take a text as it is now."""
        text = self.workspace.get_text_document(uri)
        path = uris.to_fs_path(uri)
        if uri.startswith(PLAIN_FILE) and path:
            version = text.version or 0
            self.desk.put(Document(uri, Path(path).resolve(), version, text.source))

    def _publish(self, found: Judged) -> None:
        """Send what was found in a text, which the loop's thread does."""

        def send() -> None:
            if self.desk.found(found.document.uri) is found:
                self.show(found.document.uri, found.document.version, found.diagnostics())

        if self.loop is not None:
            self.loop.call_soon_threadsafe(send)

    def show(self, uri: str, version: int | None, found: list[types.Diagnostic]) -> None:
        """Send diagnostics in the place of those before."""
        sent = types.PublishDiagnosticsParams(uri, found, version)
        self.text_document_publish_diagnostics(sent)


def made() -> Server:
    """Return a server that answers."""
    server = Server()
    _begin_and_end(server)
    _follow(server)
    _answer(server)
    return server


def _begin_and_end(server: Server) -> None:
    @server.feature(types.INITIALIZED)
    def initialized(_: types.InitializedParams) -> None:
        server.loop = asyncio.get_running_loop()
        server.desk.encoding = server.workspace.position_encoding or Encoding.Utf16
        if _watches(server):
            watchers = [types.FileSystemWatcher(f"**/{name}") for name in WATCHED]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
            asked = types.Registration("watched", method, options)
            server.client_register_capability(types.RegistrationParams([asked]))

    @server.feature(types.SHUTDOWN)
    def shut_down(_: None) -> None:
        server.code = 0

    @server.feature(types.EXIT)
    def exited(_: None) -> None:
        server.desk.worker.end()


def _follow(server: Server) -> None:
    """Have the server know what the editor's texts and the files on disk are."""

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        server.put(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        server.put(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        if not _watches(server):
            server.desk.renew()

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.desk.close(params.text_document.uri)
        server.show(params.text_document.uri, None, [])

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(params: types.DidChangeWatchedFilesParams) -> None:
        known = {str(path) for path in server.desk.documents}
        paths = ((uris.to_fs_path(item.uri) or "", item.type) for item in params.changes)
        if any(path not in known or type_ != CHANGED for path, type_ in paths):
            server.desk.renew()


def _answer(server: Server) -> None:
    """Have the server answer what the editor asks."""
    kinds = types.CodeActionOptions([actions.QUICK_FIX, actions.FIX_ALL])

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, kinds)
    async def offered(params: types.CodeActionParams) -> list[types.CodeAction]:
        given = server.desk.actions(params.text_document.uri, params)
        found = await asyncio.wrap_future(given)
        return [item for item in found if item.disabled is None or _takes_disabled(server)]

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hovered(params: types.HoverParams) -> types.Hover | None:
        found = server.desk.found(params.text_document.uri)
        here = types.Range(params.position, params.position)
        for finding, shown in found.shown() if found else ():
            if meet(shown.range, here):
                text = "\n".join(rule_pages.page(registry.find(finding.code)))
                page = types.MarkupContent(types.MarkupKind.Markdown, text)
                return types.Hover(page, shown.range)
        return None


def _watches(server: Server) -> bool:
    """Tell whether the editor says which files change, where it is asked to."""
    workspace = server.client_capabilities.workspace
    watching = workspace and workspace.did_change_watched_files
    return bool(watching and watching.dynamic_registration)


def _takes_disabled(server: Server) -> bool:
    """Tell whether the editor shows actions that cannot be taken, with the reason."""
    texts = server.client_capabilities.text_document
    return bool(texts and texts.code_action and texts.code_action.disabled_support)


def serve() -> int:
    """Serve over standard input and output until the editor ends it; return the exit code."""
    server = made()
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing else may be said between two messages

    def talk() -> None:
        try:
            server.start_io(stdin, stdout)
        finally:
            server.desk.worker.end()

    threading.Thread(target=talk, daemon=True).start()
    server.desk.worker.run()
    return server.code
