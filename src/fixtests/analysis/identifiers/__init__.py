"""Literal ids, and the names that they have or could have."""
