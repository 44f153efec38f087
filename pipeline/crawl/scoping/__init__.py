"""Whose an address is, the one form it is asked for in, and which addresses a page leads to."""
