"""Where the command is."""

import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator

NAME = "driftglass"


def find() -> str:
    """The command that was installed with this package; else the one on PATH, where the package is run from a clone.

    Raises FileNotFoundError where there is none.
    """
    for folder in _folders():
        path = os.path.join(folder, NAME)
        if os.access(path, os.X_OK) and not os.path.isdir(path):
            return path
    found = shutil.which(NAME)
    if found:
        return found
    raise FileNotFoundError(f"the command {NAME} is not in {sys.prefix}: was the wheel installed whole?")


def _folders() -> Iterator[str]:
    yield sysconfig.get_path("scripts")
    # `pip install --user`.
    for scheme in ("posix_user", "osx_framework_user"):
        if scheme in sysconfig.get_scheme_names():
            yield sysconfig.get_path("scripts", scheme)
    # `pip install --target` and `--prefix`: beside the package, or above lib/python3.x/site-packages.
    packages = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    yield os.path.join(packages, "bin")
    yield os.path.join(packages, "..", "..", "..", "bin")
