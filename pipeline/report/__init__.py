"""The offline HTML report of a snapshot."""
