"""Turn findings about tests into reviewed patches."""

__version__ = "0.1.0"
