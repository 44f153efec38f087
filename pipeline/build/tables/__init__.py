"""Rows collected into tables, and tables on disk: written, read and compared some rows at a time."""
