"""The frontier and ledger of the crawler, `raw/frontier.sqlite`: what is known of every address, host and run."""
