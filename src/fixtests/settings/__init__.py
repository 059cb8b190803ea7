"""Configuration: TOML files, what may stand in them, and where each value stands."""
