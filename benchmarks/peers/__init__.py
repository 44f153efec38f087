"""Peers and limits: each a script of its own that reads the same archive, as its library is commonly used."""
