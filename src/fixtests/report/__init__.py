"""Printers: one module a format; they see only the model, rules' pages, sources and diffs."""
