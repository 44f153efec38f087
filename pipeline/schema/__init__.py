"""What is promised to analysts: every table and column declared once, in tables/*.toml."""
