"""One folder a rule: the rule in its `rule` module, and what it alone needs to know."""
