"""What a MetaData or a declarative base is called, so that another process can import the same."""

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Optional


def reference(models: Any) -> str:
    """The models as the command takes them: text as it is, an object by every module that adds tables to it.

    All of those modules are named, since the one in which a base is defined often knows none of its tables.
    Raises ValueError where the object cannot be reached by a name.
    """
    __tracebackhide__ = True
    if isinstance(models, str):
        return models
    metadata = getattr(models, "metadata", models)
    if not hasattr(metadata, "sorted_tables"):
        raise ValueError(f"models: {models!r} is neither text such as 'shop.models:Base' nor a MetaData or a base class")
    modules = [module for module in list(sys.modules.values()) if isinstance(module, ModuleType)]
    targets = [target for module in modules for target in _targets(module, metadata)]
    if not targets:
        raise ValueError(
            f"models: no imported module has {models!r}, or a table or class of it, under a name of its own; "
            "give it as text, such as 'shop.models:Base'"
        )
    return ",".join(targets)


def _targets(module: ModuleType, metadata: Any) -> Iterator[str]:
    name = module.__name__
    if name == "__main__" or name.split(".")[0] in ("sqlalchemy", "sqlmodel", "flask_sqlalchemy", "driftglass"):
        return
    last = name.split(".")[-1]
    # Tests use the models; importing them elsewhere would run them without what their runner sets up.
    if last == "conftest" or last.startswith("test_") or last.endswith("_test"):
        return
    for attribute, value in list(vars(module).items()):
        way = _way(value, metadata)
        if way is not None:
            yield f"{name}:{attribute}{way}"
            return


def _way(value: Any, metadata: Any) -> Optional[str]:
    """How to come from a value to the metadata; `None` where it does not lead there."""
    if value is metadata:
        return ""
    # Nothing else is asked: an attribute of a proxy may be code that runs.
    is_class_or_table = isinstance(value, type) or _is_of_sqlalchemy(type(value))
    if is_class_or_table and getattr(value, "metadata", None) is metadata:
        return ".metadata"
    return None


def _is_of_sqlalchemy(kind: type) -> bool:
    origins = [str(getattr(one, "__module__", "")) for one in kind.__mro__]
    return any(origin.split(".")[0] in ("sqlalchemy", "flask_sqlalchemy") for origin in origins)
