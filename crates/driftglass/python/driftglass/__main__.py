"""`python -m driftglass`: the command, of the same environment."""

import os
import sys

from driftglass._command import find


def main() -> None:
    """Becomes the command, so that signals and the exit status are its own."""
    command = find()
    os.execv(command, [command, *sys.argv[1:]])


if __name__ == "__main__":
    main()
