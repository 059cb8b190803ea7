"""The tutorials, typed word by word: what a page shows after a block is what the block prints."""

import re
from pathlib import Path

import pytest

from typed import printed

TUTORIALS = Path(__file__).resolve().parents[1] / "docs/tutorials"
PAGES = sorted(path.stem for path in TUTORIALS.glob("*.md"))
# A block of commands, and what the page shows of its output, if it does.
BLOCK = re.compile(r"^```sh\n(.*?)^```$(?:\n\n^```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_each_block_of_a_tutorial_prints_what_is_shown(page, tmp_path):
    tree = tmp_path / "tree"  # beside it there is room for a repository to push to
    tree.mkdir()
    said = [
        (printed(block, tree), shown)
        for block, shown in BLOCK.findall((TUTORIALS / f"{page}.md").read_text())
    ]
    assert [line for text, shown in said for line in shown.splitlines() if line not in text] == []
    assert any(shown for _, shown in said)
