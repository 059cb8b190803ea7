"""Codemods for the tests of Django projects."""
