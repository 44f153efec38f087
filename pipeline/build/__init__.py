"""STAGE datasets/: typed rows, checks, gate, snapshots."""
