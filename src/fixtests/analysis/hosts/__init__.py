"""Host names: which calls start a service, what a literal stands for, and what to call it."""
