"""One module a rule; a module put here is found, nothing else is to be touched."""
