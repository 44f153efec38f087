"""Partnerships and agreements that pages tell of, by rules for Polish and Ukrainian."""
