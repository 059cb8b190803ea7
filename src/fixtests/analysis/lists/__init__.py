"""Which fetched lists are indexed, and what is known of their length where that happens."""
