"""Findings from elsewhere, read and answered one by one."""
