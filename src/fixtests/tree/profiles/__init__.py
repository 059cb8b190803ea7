"""Data only: one TOML file for each kind of project."""
