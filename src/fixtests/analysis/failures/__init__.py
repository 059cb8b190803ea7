"""Failures that nobody gets to know of."""
