"""An editor without a screen: a real client of the language server, one call at a time."""

import asyncio
import sys

from lsprotocol import types
from pygls.lsp.client import LanguageClient

import edited
from fixtests.run import one_file
from fixtests.run.request import Request
from fixtests.run.session import Session
from fixtests.text.source import Source

UNJUDGED = "invalid-file"
WAIT = 60  # seconds for an answer


class Editor:
    """A server in a process of its own, and what it has published, in order.

    `encodings` are the units of columns that the editor takes; with `watches` it says which
    files change. `disabled` actions are shown.
    """

    def __init__(self, folder, *, encodings=("utf-16",), watches=True, env=None):
        self.published = []
        self.watchers = []
        self.errors = []
        self.texts = {}
        self.said = ""  # on standard error, known at the end
        self._loop = asyncio.new_event_loop()
        self._news = asyncio.Event()
        self._versions = {}
        self._client = client = LanguageClient("tests", "1")
        client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: self._take(params))
        client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: self._register(params))
        client.feature(types.WINDOW_SHOW_MESSAGE)(lambda params: self.errors.append(params.message))
        command = [sys.executable, "-m", "fixtests", "lsp"]
        self._do(client.start_io(*command, cwd=folder, env=env))
        watching = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=watches)
        actions = types.CodeActionClientCapabilities(disabled_support=True)
        capabilities = types.ClientCapabilities(
            workspace=types.WorkspaceClientCapabilities(did_change_watched_files=watching),
            text_document=types.TextDocumentClientCapabilities(code_action=actions),
            general=types.GeneralClientCapabilities(position_encodings=encodings),
        )
        asked = types.InitializeParams(capabilities, root_uri=folder.as_uri())
        self.server = self._do(client.initialize_async(asked)).capabilities
        client.initialized(types.InitializedParams())

    def _do(self, work):
        return self._loop.run_until_complete(asyncio.wait_for(work, WAIT))

    def _take(self, params):
        self.published.append(params)
        self._news.set()

    def _register(self, params):
        for item in params.registrations:
            self.watchers += [it["globPattern"] for it in item.register_options["watchers"]]

    @property
    def number(self):
        """The number of the server's process."""
        return self._client._server.pid

    def open(self, path, text):
        self._versions[path] = 1
        self.texts[path] = text
        item = types.TextDocumentItem(path.as_uri(), "python", 1, text)
        self._client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, path, text):
        """Send a new text, and return its version."""
        self._versions[path] += 1
        self.texts[path] = text
        about = types.VersionedTextDocumentIdentifier(self._versions[path], path.as_uri())
        whole = types.TextDocumentContentChangeWholeDocument(text)
        self._client.text_document_did_change(types.DidChangeTextDocumentParams(about, [whole]))
        return self._versions[path]

    def save(self, path):
        about = types.TextDocumentIdentifier(path.as_uri())
        self._client.text_document_did_save(types.DidSaveTextDocumentParams(about))

    def close_all(self):
        for path in [*self.texts]:
            self.close(path)

    def close(self, path):
        del self.texts[path]
        about = types.TextDocumentIdentifier(path.as_uri())
        self._client.text_document_did_close(types.DidCloseTextDocumentParams(about))

    def watched(self, path, kind=types.FileChangeType.Changed):
        """Say that a file changed on disk."""
        change = types.FileEvent(path.as_uri(), kind)
        params = types.DidChangeWatchedFilesParams([change])
        self._client.workspace_did_change_watched_files(params)

    def news(self, path, after=0):
        """Return the next diagnostics of a text beyond some that were published."""

        async def come():
            while True:
                for item in self.published[after:]:
                    if item.uri == path.as_uri():
                        return item
                self._news.clear()
                await self._news.wait()

        return self._do(come())

    def shown(self, path):
        """Return what is shown for the text as it is now."""

        async def come():
            while True:
                for item in reversed(self.published):
                    if (item.uri, item.version) == (path.as_uri(), self._versions[path]):
                        return item.diagnostics
                self._news.clear()
                await self._news.wait()

        return self._do(come())

    def actions(self, path, place, only=None, trigger=None):
        context = types.CodeActionContext([], only, trigger)
        about = types.TextDocumentIdentifier(path.as_uri())
        params = types.CodeActionParams(about, place, context)
        return list(self._do(self._client.text_document_code_action_async(params)))

    def hover(self, path, place):
        about = types.TextDocumentIdentifier(path.as_uri())
        return self._do(self._client.text_document_hover_async(types.HoverParams(about, place)))

    def end(self):
        """End the server as an editor does, and return its exit code."""
        self._do(self._client.shutdown_async(None))
        self._client.exit(None)
        code = self._do(self._client._server.wait())
        self.said = self._do(self._client._server.stderr.read()).decode()
        self._do(self._client.stop())
        self._loop.close()
        return code


def checked(path, content):
    """Return what `fixtests check` says of a file that holds something: places, codes, messages."""
    path.write_bytes(content)
    result = one_file.one(Session(Request((path,), fix=False, accepts=True)), path)
    if result.detail:
        return [(UNJUDGED, result.detail)]
    source = Source.decode(str(path), content)
    found = [
        (_place(source, it.span.start), _place(source, it.span.end), it.code, it.message)
        for it in result.findings
        if not it.suppressed
    ]
    return found + [(it.row - 1, it.message) for it in result.problems]


def _place(source, offset):
    """Return a position in UTF-16, from the text alone."""
    row, column = source.location(offset)
    line = source.line(row).decode("utf-8", "surrogatepass")[: column - 1]
    return row - 1, len(line.encode("utf-16-le", "surrogatepass")) // 2


def plain(shown):
    """Return what an editor shows in the form of `checked`."""
    found = []
    for item in shown:
        start, end = item.range.start, item.range.end
        if item.code == UNJUDGED:
            found.append((item.code, item.message))
        elif item.code:
            places = (start.line, start.character), (end.line, end.character)
            found.append((*places, item.code, item.message))
        else:
            found.append((start.line, item.message))
    return found


def play(editor, path, saved, rng, count):
    """Edit an open text at random, and yield after each edit what it was, and whether all is right.

    Whatever was shown for it is what is found in `saved`, a file of a copy of the tree, and for
    this text. What is no Python any more is taken back sooner or later.
    """
    good = text = editor.texts[path]
    for _ in range(count):
        new, what = edited.edit(text, rng)
        version = editor.change(path, new)
        expected = checked(saved, edited.saved(new))
        shown = plain(editor.shown(path))
        late = [item for item in editor.published if item.uri == path.as_uri()][-1]
        yield f"{what}: {expected} {shown}", expected == shown and late.version == version
        unjudged = expected[:1] and expected[0][0] == UNJUDGED
        good = good if unjudged else new
        text = good if unjudged and rng.randrange(2) else new


def edited_text(text, edits, encoding="utf-16-le"):
    """Return a text after edits as an editor makes them, all given for the text before."""
    unit = {"utf-16-le": 2, "utf-8": 1, "utf-32-le": 4}[encoding]
    starts = [0]
    for at, letter in enumerate(text):
        if letter == "\n" or (letter == "\r" and text[at + 1 : at + 2] != "\n"):
            starts.append(at + 1)

    def offset(place):
        line = text[starts[place.line] :].encode(encoding, "surrogatepass")
        return starts[place.line] + len(
            line[: place.character * unit].decode(encoding, "surrogatepass")
        )

    parts, end = [], 0
    places = [(offset(it.range.start), offset(it.range.end), it.new_text) for it in edits]
    for start, stop, new in sorted(places, key=lambda place: place[:2]):
        parts += [text[end:start], new]
        end = stop
    return "".join([*parts, text[end:]])
