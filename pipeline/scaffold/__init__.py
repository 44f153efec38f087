"""A new source: its files to fill in, and what is still to be filled in or does not hold."""
