"""FT401: where tests ask for an API version, and which versions a tree serves."""
