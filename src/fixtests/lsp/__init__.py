"""The language server: an editor's texts judged as they are typed, over LSP."""
