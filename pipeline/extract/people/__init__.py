"""Persons named with a role: their names, the words roles are called by, and where both stand."""
