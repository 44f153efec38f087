"""From a value back to the archived bytes it was read from."""
