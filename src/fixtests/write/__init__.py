"""Everything that changes files of the user, and the journal from which it is taken back."""
