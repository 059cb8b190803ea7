"""FT301: what tests create, who deletes it, and what a deletion would meet."""
