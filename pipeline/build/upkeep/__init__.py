"""What is done with snapshots that are published: made once more, compared, removed."""
