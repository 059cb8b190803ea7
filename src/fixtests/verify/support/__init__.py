"""Modules that the target's interpreter runs: of the standard library alone, and of Python 3.8."""
