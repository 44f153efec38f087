"""From answer to archive and ledger, and both brought in line after a kill."""
