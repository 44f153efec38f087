"""The command line."""


def main() -> int:
    """Exit code of the command."""
    return 0
