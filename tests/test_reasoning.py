"""What is worked out about functions that call each other: the same whoever asks."""

import ast
import itertools
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from fixtests.run import runner
from fixtests.run.session import Request, Session
from generated import TIMES
from helper_graphs import trees


def found(root, paths):
    """Return what is found in each file, where files are looked at in an order."""
    session = Session(Request((root,), select=("ALL",), fix=False, place=False))
    results = list(runner.run(session, paths, lambda: None))
    assert [item.detail for item in results if item.detail] == []
    return {
        item.path: sorted(
            (finding.code, finding.span.start, finding.applicability, finding.message)
            for finding in item.findings
        )
        for item in results
    }


@settings(max_examples=100 * TIMES, deadline=None, suppress_health_check=list(HealthCheck))
@given(tree=trees(), data=st.data())
def test_order_and_company_of_files_change_no_finding(tree, data):
    with TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        for name, text in tree.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
            ast.parse(text)
        paths = sorted(root.rglob("test_*.py"))
        together = found(root, paths)
        for code in {finding[0] for findings in together.values() for finding in findings}:
            event(code)
        for order in itertools.permutations(paths):
            for some in {order, order[:1], order[:2]}:
                assert found(root, some) == {str(path): together[str(path)] for path in some}
