"""Lists that were fetched: which expressions are, and what is known of their lengths at a place."""
