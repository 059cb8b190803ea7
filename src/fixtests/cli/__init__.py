"""The command line: what users type, and what each command does with it."""
