"""What a run would write, put together: its diff, its file, and the questions before it."""
