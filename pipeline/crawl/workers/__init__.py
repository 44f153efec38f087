"""One crawl over several worker processes, each host owned by one of them."""
