"""FT202: assertions that only a loop over a fetched list holds; lists are FT201's."""
