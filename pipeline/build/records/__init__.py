"""Rows made from the records that were chosen, a kind of record a module; in chunks, by workers."""
