"""What `make bench` runs: generated corpora, and each figure beside its peer and its limit in one run."""
