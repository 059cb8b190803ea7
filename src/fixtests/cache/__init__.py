"""What earlier runs found out, kept as data and given again while it holds."""
