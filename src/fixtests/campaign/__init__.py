"""One recipe over many clones: what is to be done in each, how it is done, what came of it."""
