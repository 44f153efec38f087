"""Text to typed value and status. Knows Polish and Ukrainian, knows no source."""
