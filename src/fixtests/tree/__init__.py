"""What the tool knows about the target tree, read with `ast` and never executed."""
