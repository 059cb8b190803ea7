"""What every rule may ask about tests: what calls do, what names say, what values are."""
