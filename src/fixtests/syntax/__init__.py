"""Questions about syntax trees, and trees of files that are parsed in part."""
