#!/usr/bin/env python3
"""A stand-in for the command where a test is about what comes after it: it writes each report that it is asked for.

    STANDIN_STATUS  its exit status
    STANDIN_REPORT  the Markdown
    STANDIN_DIFFERENCES  how many it tells; as many as the status by itself
"""

import json
import os
import sys

status = int(os.environ["STANDIN_STATUS"])
texts = {
    "json": json.dumps({"totals": {"differences": int(os.environ.get("STANDIN_DIFFERENCES", status))}}),
    "markdown": os.environ["STANDIN_REPORT"],
}
print("words:", *sys.argv[1:])
if status != 2:
    for word in sys.argv:
        if word.startswith("--output="):
            form, _, path = word.removeprefix("--output=").partition("=")
            with open(path, "w", encoding="utf-8") as file:
                file.write(texts.get(form, f"{form} report\n"))
sys.exit(status)
