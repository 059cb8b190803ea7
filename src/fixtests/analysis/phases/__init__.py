"""Where a long test falls into phases, and which variables flow from one to the next."""
