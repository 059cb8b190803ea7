"""What single rules need to know beyond the tree: one package for each kind of question."""
