"""FT502: what a test claims to fail, and what it asserts of that."""
