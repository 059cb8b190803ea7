"""A tree as bytes, to bring it to another machine, and the tree that they are there."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

LEVEL = 6  # of compression


def packed(root: Path) -> bytes:
    """Return an archive of a folder with all that is in it, under the folder's name.

    Raises OSError.
    """
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz", compresslevel=LEVEL) as archive:
        archive.add(root, root.name)
    return held.getvalue()


def unpack(archive: bytes, folder: Path) -> None:
    """Write what an archive of ours holds into a folder.

    Raises OSError.
    """
    with tarfile.open(fileobj=io.BytesIO(archive)) as held:
        # A link of the tree may lead out of it: the archive is as it was packed, whatever that is.
        held.extraction_filter = getattr(
            tarfile, "fully_trusted_filter", lambda member, path: member
        )
        held.extractall(folder)
