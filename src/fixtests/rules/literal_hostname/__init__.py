"""FT102: host names: what starts a service, what a literal stands for, what to call it."""
