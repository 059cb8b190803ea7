"""A plan as commits: how it is divided, what each part holds, how it is said, what became of it."""
