"""Findings as one page of HTML that holds all it needs: for reading, sharing and deciding."""
