"""One stem per publisher: ``<source>.toml`` says what is known of it, ``<source>.py`` reads its pages.

Sources are discovered, never listed.
"""
