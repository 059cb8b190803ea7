"""What git is asked, always in the same surroundings, and what its answers mean."""
