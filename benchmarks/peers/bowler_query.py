"""FT401 as a Bowler query: any assignment of 'latest' to a microversion, as a diff.

Usage: bowler_query.py PATH
"""

import sys

from bowler import LN, Capture, Filename, Query

PATTERN = """
    expr_stmt< power< any* trailer< '.' 'microversion' > > '=' value=STRING >
    | expr_stmt< 'microversion' '=' value=STRING >
"""


def pin(node: LN, capture: Capture, filename: Filename) -> None:
    value = capture["value"]
    if value.value.strip("'\"") == "latest":
        value.value = "'2.103'"
        value.changed()


if __name__ == "__main__":
    Query([sys.argv[1]]).select(PATTERN).modify(pin).diff()
