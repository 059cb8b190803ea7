"""The language server, which needs a library that others do without."""

from __future__ import annotations

import sys
from typing import NoReturn

from fixtests.cli.refusals import refuse

EXTRA = "pip install 'fixtests[lsp]'"


def serve() -> NoReturn:
    """Serve until the editor ends it; leave where what that needs is missing."""
    try:
        from fixtests.lsp import server
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("fixtests"):
            raise
        refuse(f"lsp needs {error.name}, which is not there; {EXTRA}")
    sys.exit(server.serve())
