"""What may be called something else: variables, parameters, attributes, constants, keys, values."""
