"""The text of a file as bytes: encodings, offsets, edits, lines and diffs."""
