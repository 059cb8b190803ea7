"""Fixes tried by the target's own tests, in copies of its tree, and what came of each."""
