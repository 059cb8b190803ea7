"""FT501: which actions a test starts, and what it asserts of how they end."""
