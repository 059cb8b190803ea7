"""FT201: which fetched lists are indexed, and what is known of their length there."""
