"""Forgetting a person: out of the archive and all that was made of it, and kept out from then on."""
