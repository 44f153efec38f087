"""STAGE raw/: the web archive in and out."""
