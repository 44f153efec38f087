"""What analysts enter by: a table as a DataFrame, and SQL over a snapshot."""
