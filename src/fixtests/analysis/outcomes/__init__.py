"""What a test claims to happen, and what it asserts of it: asynchronous actions, failures."""
