"""Which files and folders there are: those of the user, of git, and our own."""
