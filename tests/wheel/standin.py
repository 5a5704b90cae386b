#!/usr/bin/env python3
"""A stand-in for the command where a test is about what comes after it: it writes each report that it is asked for.

    STANDIN_STATUS  its exit status
    STANDIN_REPORT  the Markdown
"""

import os
import sys

status = int(os.environ["STANDIN_STATUS"])
print("words:", *sys.argv[1:])
if status != 2:
    for word in sys.argv:
        if word.startswith("--output="):
            form, _, path = word.removeprefix("--output=").partition("=")
            with open(path, "w", encoding="utf-8") as file:
                file.write(os.environ["STANDIN_REPORT"] if form == "markdown" else f"{form} report\n")
sys.exit(status)
