"""The rules, one folder for each; their codes begin with DT."""

FIXTESTS_API = "1.0"
