"""``python -m pipeline`` is the same program as the console script ``praktyki``."""

import sys

from pipeline.cli import program

if __name__ == "__main__":
    sys.exit(program())
