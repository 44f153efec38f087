"""explorer.html: the public tables of a snapshot to search, filter and read; the server that shows a snapshot on loopback."""
