"""One file's bytes to its findings, its fixes and their proof. No disk, no printing."""
