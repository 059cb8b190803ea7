"""Habits of Django's tests: rules, a profile and a codemod for fixtests."""
