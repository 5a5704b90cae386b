"""Small snapshots, made for single tests."""

import json
from pathlib import Path

BARE = set("abcdefghijklmnopqrstuvwxyz0123456789_")


def part(name: str) -> str:
    return name if name and set(name) <= BARE else '"' + name.replace('"', '""') + '"'


def id_of(kind: str, *path: str) -> str:
    return kind + ":" + ".".join(map(part, path))


def table() -> dict:
    return {"body": {"table": {}}}


def column(data_type: str, nullable: bool = False, **more) -> dict:
    return {"body": {"column": {"position": 1, "type": data_type, "nullable": nullable, **more}}}


def snapshot(objects: dict, kind: str = "database", **source) -> dict:
    return {"format": 1, "source": {"kind": kind, "label": f"a {kind}", **source}, "objects": objects}


def write(folder: Path, name: str, value) -> Path:
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def pair(folder: Path, old: dict, new: dict) -> list[Path]:
    """Two files: a database and models."""
    return [
        write(folder, "database.json", snapshot(old, "database", taken_at="2026-03-14T09:26:53Z", server="16.4")),
        write(folder, "models.json", snapshot(new, "models", server="16.4")),
    ]


def simple(folder: Path) -> list[Path]:
    """Three tables: one differs in two columns, one is missing, one is the same."""
    users, orders, same = (id_of("table", "public", name) for name in ("users", "orders", "same"))
    old = {
        users: table(),
        id_of("column", "public", "users", "age"): column("integer", True),
        id_of("column", "public", "users", "mail"): column("text"),
        same: table(),
    }
    new = {
        users: table(),
        id_of("column", "public", "users", "age"): {
            **column("bigint", True),
            "origin": {"file": "app/models.py", "line": 12},
        },
        id_of("column", "public", "users", "mail"): column("character varying(80)"),
        orders: table(),
        same: table(),
    }
    return pair(folder, old, new)
