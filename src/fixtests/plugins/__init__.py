"""Packages of others beside this one: what they offer, what is wrong with them, what was used."""
