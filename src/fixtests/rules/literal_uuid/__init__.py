"""FT101: literal ids, and the names that they have or could have."""
