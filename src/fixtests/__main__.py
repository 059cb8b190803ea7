"""Run the command line with ``python -m fixtests``."""

from fixtests.cli import leave

leave()
