"""FT504: waits that a test writes out by hand."""
