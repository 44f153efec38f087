"""Praktyki: web pages about good practices in local government as typed, traceable Parquet tables."""

__version__ = "0.1.0"
