#!/usr/bin/env python3
"""A stand-in for `docker compose exec -T SERVICE …`: another folder, another environment, standard input passed on.

    STANDIN_BIN  the programs of the container
    STANDIN_APP  its working folder
"""

import os
import sys

words = sys.argv[1:]
if words[:2] != ["compose", "exec"]:
    sys.exit("docker: 'exec' of compose is all there is here")
words = words[2:]
if words[:1] != ["-T"]:
    # What docker says where standard input is no terminal.
    sys.exit("the input device is not a TTY")
if words[1] != "app":
    sys.exit(f'service "{words[1]}" is not running')
os.chdir(os.environ["STANDIN_APP"])
inside = {"PATH": os.environ["STANDIN_BIN"] + ":/usr/bin:/bin", "DATABASE_URL": "postgresql+psycopg://shop:shop@db/shop"}
os.execvpe(words[2], words[2:], inside)
