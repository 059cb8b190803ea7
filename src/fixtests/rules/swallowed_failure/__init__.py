"""FT503: failures that nobody gets to know of."""
