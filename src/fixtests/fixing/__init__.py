"""Where a fix goes in the source: expressions, statements, imports and constants."""
