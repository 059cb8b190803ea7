"""How methods of clients are called that create or delete a thing, before its name."""

CREATES = ("create_", "post_")
DELETES = "delete_"
