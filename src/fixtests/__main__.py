"""Run the command line with ``python -m fixtests``."""

from fixtests.cli import main

main()
