"""FT602: where a long test falls into phases, and what flows from one to the next."""
