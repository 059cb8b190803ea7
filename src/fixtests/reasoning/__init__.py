"""What the code of tests means, worked out once for all rules: no module is about one rule."""
