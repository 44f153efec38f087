"""What is noted of every page, and which archived page counts for which record."""
