"""Slide transcripts: where one stands on a page, and its title, publisher and slides."""
