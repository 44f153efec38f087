"""A run of the crawler from lock to closing account, and what is said of it."""
