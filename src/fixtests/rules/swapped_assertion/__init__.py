"""FT603: assertions whose expected value comes second."""
