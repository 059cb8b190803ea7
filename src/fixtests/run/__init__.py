"""One run over files: what is asked for, what it comes to in each folder, file by file."""
