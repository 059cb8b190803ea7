"""The profile of files that test a Django project."""
