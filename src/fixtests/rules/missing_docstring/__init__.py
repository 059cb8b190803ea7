"""FT601: what the first comment of a test speaks of, and how it reads as a docstring."""
