"""DT102: a status that the next assertion looks at, too."""
