"""Snapshots whose names try to be something else, that lack a part, and that are large."""

import json
from pathlib import Path

from snapshots import column, id_of, snapshot, table, write

NAMES = json.loads((Path(__file__).parents[1] / "hostile/names.json").read_text()) + [
    "it's \"quoted\"",
    "line\nbreak",
    "\n::error file=a,line=1::forged",
    "\r\n::warning::forged",
    "%0A::error::forged",
    "##[error]forged",
    "##vso[task.setvariable variable=a]forged",
    "]]>",
    "<script>alert(1)</script>",
    "</script></details></code>",
    "<img src=x onerror=alert(1)>",
    "<!-- driftglass -->",
    "\u202egnp.exe",
    "a\u200bb\ufeffc\u2028d",
    "späti 🍦",
    "a\x01b\x1b[31mc\x7f",
    "nothing\ufffeat\uffffall",
    "@everyone",
    "octo @torvalds and #1, GH-2, !3",
    "| a | b |",
    "`tick` ``` fence",
    "```\nfence\n```",
    "a` <i>out</i> @out `b",
    "**bold** _under_ [link](https://example.org) ![x](y)",
    "text[](https://example.org)",
    "{0} {{1}} $x$",
    "https://example.org/www.example.org",
    "- list",
    "1. list",
    "# heading",
    "&amp; &lt;b&gt;",
    "a,b:c=d",
    "'; DROP TABLE users; --",
    "x" * 63,
]


def hostile(folder: Path) -> list[Path]:
    """Each name as a schema, a table, a column, a default, a comment, a file and a label; some go, some come."""
    old, new = {}, {}
    for number, name in enumerate(NAMES):
        here = id_of("table", name, name)
        origin = {"origin": {"file": f"app/{name}.py", "line": number}}
        old[here], new[here] = table(), {**table(), "comment": name, **origin}
        old[id_of("column", name, name, name)] = column("text", default=f"'{name}'")
        new[id_of("column", name, name, name)] = {**column("integer"), **origin}
        (old if number % 2 else new)[id_of("table", name, f"{name} alone")] = table()
        for side, text in ((old, "SELECT 1"), (new, f"SELECT 2\n-- {name}\n```\n</details>")):
            side[id_of("view", name, f"{name} view")] = {"body": {"view": {"definition": text}}}
        old[id_of("index", name, name, f"{name} index")] = {"body": {"index": {"definition": f"USING btree ({name})"}}}
    source = {"server": "<b>18", "label": "<i>label</i> @everyone\n::error::forged | \u202e"}
    pair = [snapshot(old, "database", **source), snapshot(new, "mo<b>dels @x |\n", **source)]
    pair[1]["findings"] = [
        {"message": f"Refused: {name}", "origin": {"file": f"{name}.py", "line": 3}, "detail": name} for name in NAMES
    ]
    return [write(folder, "old.json", pair[0]), write(folder, "new.json", pair[1])]


def lost(folder: Path) -> list[Path]:
    """Models of which a part could not be loaded; one finding is told twice."""
    finding = {
        "message": "PostgreSQL refuses the table public.orders: type \"no_such\" does not exist",
        "is_loss": True,
        "detail": "CREATE TABLE public.orders (\n  id no_such\n)",
        "origin": {"file": "app/models.py", "line": 12},
    }
    both = {id_of("table", "public", "users"): table()}
    new = snapshot(both, "models")
    new["findings"] = [finding, finding, {"message": "Two tables are of one name."}]
    return [write(folder, "old.json", snapshot(both)), write(folder, "new.json", new)]


def many(folder: Path) -> list[Path]:
    """So much that no comment holds it: 1,500 tables, each with differences, and one view of a megabyte."""
    old, new = {}, {}
    for number in range(1_500):
        name = f"table_{number:04}_{'ä' * 20}"
        old[id_of("table", "public", name)] = new[id_of("table", "public", name)] = table()
        for at in range(3):
            old[id_of("column", "public", name, f"c{at}")] = column("integer")
            new[id_of("column", "public", name, f"c{at}")] = column("bigint", default="1" * 100 if at else None)
    for side, word in ((old, "a"), (new, "b")):
        lines = "\n".join(f"  {word}{number}," for number in range(80_000))
        side[id_of("view", "public", "wide")] = {"body": {"view": {"definition": f"SELECT\n{lines}"}}}
    return [write(folder, "old.json", snapshot(old)), write(folder, "new.json", snapshot(new, "models"))]
