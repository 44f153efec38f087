"""STAGE extracted/: archived pages become records as published."""
