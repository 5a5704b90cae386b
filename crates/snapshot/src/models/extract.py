"""Prints the DDL of SQLAlchemy models, with the source line of each object, as one line of JSON.

It runs inside the application's own Python, over standard input, so that nothing has to be installed there:

    python - '{"targets": ["app.models"]}' < extract.py

The application is imported, `create_all` runs on a connection that only records, and the reply goes to the original
standard output after a byte 0x1E; whatever the application prints goes to standard error. No database is contacted by
this script, and a failure is a reply as well. Needs SQLAlchemy 1.4 or later and Python 3.8 or later, nothing else.
"""
import sys

# `python -` searches the working directory first, where a folder named like a standard module (`types/`) would hide
# that module. Everything this script needs is therefore imported before the directory is put back.
if sys.path and sys.path[0] == "":
    del sys.path[0]

import ast  # noqa: E402
import contextlib  # noqa: E402
import functools  # noqa: E402
import importlib  # noqa: E402
import importlib.util  # noqa: E402
import inspect  # noqa: E402
import itertools  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import re  # noqa: E402
import traceback  # noqa: E402

sys.dont_write_bytecode = True  # The application's folder may be read-only, and is not ours to fill.
HERE = __file__ if "__file__" in globals() else "<stdin>"
STDLIB = os.path.dirname(os.path.realpath(os.__file__)) + os.sep
LIBRARIES = re.compile(r"[/\\](site|dist)-packages[/\\]")
# A module is imported on its own account only if its text looks like models: an application has many more modules, and
# each import may have effects. Folders that hold other versions of the same tables are never entered.
MODELS = re.compile(
    r"\bmapped_column\(|\bMapped\[|__tablename__|__table__|\bSQLModel\b|\bDeclarativeBase|declarative_base\(")
TABLES = re.compile(r"\b(Column|Table|MetaData|relationship|registry)\(")
SQLALCHEMY = re.compile(r"\b(sqlalchemy|sqlmodel)\b|\bdb\.", re.IGNORECASE)
SKIPPED_FOLDERS = {"tests", "test", "testing", "migrations", "alembic", "versions", "node_modules", "__pycache__"}


class Failure(Exception):
    """What becomes the `error` of the reply."""

    def __init__(self, kind, message, hint="", cause=None):
        super().__init__(message)
        trace = user_traceback(cause) if cause else ""
        self.reply = {"kind": kind, "message": message, "traceback": trace, "hint": hint}


def main():
    output = keep_output()
    reply = {"protocol": 1, "python": ".".join(map(str, sys.version_info[:3]))}
    try:
        options = json.loads(sys.argv[1])
        sys.argv[1:] = []  # Applications that parse their arguments at import must not meet ours.
        reply.update(extract(options))
    except Failure as failure:
        reply["error"] = failure.reply
    except BaseException as error:  # SystemExit as well: the reader must get an answer.
        failure = Failure("create", "the models could not be read: " + summary(error), hint_for(error), error)
        failure.reply["traceback"] = failure.reply["traceback"] or traceback.format_exc(limit=-6)
        reply["error"] = failure.reply
    line = json.dumps(reply, ensure_ascii=False).encode("utf-8", "replace")
    data, status = b"\x1e" + line + b"\n", 1
    try:
        while data:
            data = data[os.write(output, data):]
        status = 0
    finally:
        os._exit(status)  # Threads and exit handlers of the application are not waited for.


def keep_output():
    """Keeps the original standard output for the reply, also from code that closes every descriptor it finds."""
    output = os.dup(1)
    os.dup2(2, 1)
    close, close_range = os.close, os.closerange
    os.close = lambda fd: None if fd == output else close(fd)

    def closerange(low, high):
        close_range(low, min(high, output))
        close_range(max(low, output + 1), high)

    os.closerange = closerange
    return output


def extract(options):
    os.environ.update({str(key): str(value) for key, value in (options.get("environment") or {}).items()})
    project = Project(options.get("path") or ["."])
    if importlib.util.find_spec("sqlalchemy"):  # Else the project may hold a copy.
        load_sqlalchemy()
    sys.path[:] = project.path + [entry for entry in sys.path if entry not in project.path]
    load_sqlalchemy()
    sources = Sources(project)
    if options.get("init"):
        try:
            exec(compile(options["init"], "<init>", "exec"), {"__name__": "__init__"})
        except BaseException as error:
            raise Failure("import", "the init code failed: " + summary(error), hint_for(error), error)
    targets = [Target(text, project) for text in options.get("targets") or []]
    if not targets:
        raise Failure("target", "no models were named", 'name a module, such as "app.models" or "app.models:Base"')
    warnings = []
    for target in targets:
        target.load()
    try:
        orm.configure_mappers()  # Relationships may define tables of their own.
    except Exception as error:
        warnings.append("the mappers could not be configured, so tables may be missing: " + summary(error))
    used = select(targets)
    seen = find_metadata(project.modules())
    labels = {id(metadata): label for metadata, label in used + seen}  # Found names are better than those asked for.
    choices = {label: next((target.naming(label) for target in targets if target.holds(label)), label)
               for label in labels.values()}
    tables = [table for metadata, _ in used for table in metadata.tables.values()]
    warnings += ["table %s is left out: %s" % (table.fullname, left_out(table)) for table in tables if left_out(table)]
    statements = collect([(metadata, labels[id(metadata)]) for metadata, _ in used], choices,
                         options.get("server_version") or 180000, sources, warnings)
    chosen = {id(metadata) for metadata, _ in used}
    listed = {id(metadata): metadata for metadata, _ in used + seen}
    return {
        "sqlalchemy": sqlalchemy.__version__,
        "statements": statements,
        "origins": [sources.origin(table) for table in tables if not left_out(table)],
        "metadata": [{"label": labels[key], "tables": len(metadata.tables), "used": key in chosen}
                     for key, metadata in listed.items()],
        "failed_imports": [failed for target in targets for failed in target.failed],
        "warnings": warnings,
    }


def load_sqlalchemy():
    """Imports SQLAlchemy into this module's names: all of it, before the application can shadow or replace parts."""
    global sqlalchemy, orm, ddl, postgresql, Mapper
    try:
        import sqlalchemy
        import sqlalchemy.orm as orm
        import sqlalchemy.sql.ddl as ddl
        from sqlalchemy.dialects import postgresql
        from sqlalchemy.orm.mapper import Mapper
    except ImportError as error:
        if error.name == "sqlalchemy":
            raise Failure("no_sqlalchemy", "SQLAlchemy is not installed for %s" % sys.executable,
                          PYTHON, error)
        raise Failure("no_sqlalchemy", "SQLAlchemy cannot be imported: " + summary(error), hint_for(error), error)
    if tuple(map(int, sqlalchemy.__version__.split(".")[:2])) < (1, 4):
        raise Failure("no_sqlalchemy", "SQLAlchemy %s is too old, 1.4 is needed" % sqlalchemy.__version__)


# --- The project: which files are the user's own, and how they are imported ---


class Project:
    def __init__(self, path):
        self.cwd = os.path.realpath(os.getcwd())
        self.path = [os.path.abspath(entry) for entry in path]
        self.roots = [os.path.join(os.path.realpath(entry), "") for entry in [self.cwd] + self.path]
        self.packages = set()

    def add_target(self, module):
        """The package that holds a target is the project too, even when it is an installed one."""
        top = module.split(".")[0]
        self.packages.add(top)
        try:
            spec = importlib.util.find_spec(top)
        except (ImportError, ValueError, AttributeError):
            spec = None
        if spec is not None:
            self.roots += [os.path.realpath(place) + os.sep for place in spec.submodule_search_locations or []]
        self.owns.cache_clear()

    @functools.lru_cache(None)
    def owns(self, file):
        """Whether a file is the user's: below the project's folders, and neither a library nor the standard library."""
        file = os.path.realpath(file)
        for root in self.roots:
            if file.startswith(root) and not LIBRARIES.search(os.sep + file[len(root):]):
                return not file.startswith(STDLIB) or bool(LIBRARIES.search(root))
        return False

    def shown(self, file):
        """A file as it is reported: relative to the working directory where it lies below it."""
        file, below = os.path.realpath(file), os.path.join(self.cwd, "")
        return file[len(below):].replace(os.sep, "/") if file.startswith(below) else file

    def modules(self):
        """The imported modules of the project, those of the targets first."""
        mine = [(name.split(".")[0] not in self.packages, name) for name in list(sys.modules)
                if name.split(".")[0] in self.packages or self.owns(contents(name).get("__file__") or "<none>")]
        return [name for _, name in sorted(mine, key=lambda pair: pair[0])]

    def module_of(self, file):
        """The module name of a file, which has to be the one that the application itself imports it by: a second name
        would run the file twice. A regular package tells its root; otherwise the search path decides."""
        folder, name = os.path.split(os.path.abspath(file))
        parts = [] if name == "__init__.py" else [name[:-3]]
        if os.path.exists(os.path.join(folder, "__init__.py")):
            while os.path.exists(os.path.join(folder, "__init__.py")):
                folder, name = os.path.split(folder)
                parts.insert(0, name)
        else:
            for entry in self.path:
                inner = os.path.relpath(folder, entry).split(os.sep)
                if all(part.isidentifier() for part in inner):
                    folder, parts = entry, inner + parts
                    break
        if folder not in sys.path:
            sys.path.insert(0, folder)
        return ".".join(parts)


class Target:
    """One thing to import, with the part of it to take."""

    def __init__(self, text, project):
        self.text, self.project, self.failed = text, project, []
        module, _, self.name = text.partition(":") if not re.match(r"[A-Za-z]:[\\/]", text) else (text, "", "")
        if module.endswith(".py"):
            if not os.path.exists(module):
                raise Failure("target", "there is no file %s in %s" % (module, os.getcwd()))
            module = project.module_of(module)
        self.module = module
        project.add_target(module)

    def load(self):
        try:
            module = importlib.import_module(self.module)
        except BaseException as error:
            place = self.place(error)
            where = " (%s:%s)" % (place["file"], place["line"]) if place["file"] else ""
            raise Failure("import", "cannot import %s: %s%s" % (self.module, summary(error), where),
                          hint_for(error, self.module), error)
        for name in self.submodules(module):
            try:
                importlib.import_module(name)
            except BaseException as error:  # An optional part of the application; said, but not fatal.
                self.failed.append(dict(module=name, error=summary(error), **self.place(error)))

    def submodules(self, module):
        for place in list(getattr(module, "__path__", [])):
            for folder, folders, files in os.walk(place):
                folders[:] = sorted(name for name in folders if name.isidentifier() and name not in SKIPPED_FOLDERS)
                inner = [part for part in os.path.relpath(folder, place).split(os.sep) if part != "."]
                for file in sorted(files):
                    stem, extension = os.path.splitext(file)
                    if extension != ".py" or not stem.isidentifier() or stem in ("__main__", "conftest"):
                        continue
                    name = ".".join([module.__name__] + inner + ([] if stem == "__init__" else [stem]))
                    if name not in sys.modules and looks_like_models(os.path.join(folder, file)):
                        yield name

    def place(self, error):
        """Where in the user's code an import failed."""
        if isinstance(error, SyntaxError) and error.filename:
            return {"file": self.project.shown(error.filename), "line": error.lineno}
        frames = [frame for frame in user_frames(error) if self.project.owns(frame.filename)] or user_frames(error)
        return {"file": self.project.shown(frames[-1].filename) if frames else None,
                "line": frames[-1].lineno if frames else None}

    def modules(self):
        return [name for name in list(sys.modules) if (name + ".").startswith(self.module + ".")]

    def metadata(self):
        """The MetaData of this target, each with a label."""
        if not self.name:
            return [(metadata, label) for metadata, label in find_metadata(self.modules())
                    if metadata.tables and not metadata.info.get("bind_key")]
        value = sys.modules[self.module]
        for part in self.name.split("."):
            try:
                value = getattr(value, part)
            except AttributeError:
                found = ", ".join(label for _, label in find_metadata(self.modules())) or "nothing of the kind"
                raise Failure("target", "%s has no %s" % (self.module, self.name), "MetaData was found here: " + found)
        return [(metadata, self.text) for metadata in self.resolve(value)]

    def holds(self, label):
        return (label.partition(":")[0] + ".").startswith(self.module + ".")

    def naming(self, label):
        """The target that imports what this one does and takes only the labelled part of it."""
        return self.module + ":" + label[len(self.module) + 1:].replace(":", ".")

    def resolve(self, value, call=True):
        metadata = metadata_in(value)
        if metadata is not None:
            return [metadata]
        if isinstance(value, (list, tuple, set, frozenset)):
            return [metadata for item in value for metadata in self.resolve(item)]
        if is_a(value, "flask", "Flask"):
            extension = value.extensions.get("sqlalchemy")
            return self.resolve(getattr(extension, "db", extension), call=False)
        if call and (inspect.isroutine(value) or isinstance(value, functools.partial)):
            try:
                result = value()
            except BaseException as error:
                raise Failure("target", "calling %s failed: %s" % (self.text, summary(error)), hint_for(error), error)
            return self.resolve(result, call=False)
        raise Failure("target", "%s is %s, which has no MetaData" % (self.text, type(value).__name__),
                      "name a declarative base, a MetaData, a registry, a Flask-SQLAlchemy object, a list of these, or "
                      "a function that returns one")


def looks_like_models(file):
    with open(file, encoding="utf-8", errors="ignore") as stream:
        text = stream.read()
    return bool(MODELS.search(text) or (TABLES.search(text) and SQLALCHEMY.search(text)))


def is_a(value, package, name):
    """Whether a value's class comes from a library that may not be installed."""
    return any(cls.__name__ == name and cls.__module__.split(".")[0] == package for cls in type(value).__mro__)


def metadata_in(value):
    """The MetaData that a value carries, or None. Asks classes rather than values: touching a lazy proxy, such as
    Flask's current_app, may raise."""
    kind = type(value)
    if issubclass(kind, sqlalchemy.MetaData):
        return value
    if issubclass(kind, type):
        for cls in value.__mro__:
            if issubclass(type(cls.__dict__.get("metadata")), sqlalchemy.MetaData):
                return cls.__dict__["metadata"]
    elif issubclass(kind, (orm.registry, sqlalchemy.Table)) or is_a(value, "flask_sqlalchemy", "SQLAlchemy"):
        return value.metadata
    return None


def contents(module):
    """The names in a module. Looking into one that loads itself when it is used may fail."""
    try:
        return dict(vars(sys.modules[module]))
    except Exception:
        return {}


def find_metadata(modules):
    """Every MetaData at the top level of the modules, once, with the best name for it: a base class is better known
    than a variable, and a variable better than a table."""
    best = {}
    for module in modules:
        for name, value in contents(module).items():
            metadata = metadata_in(value)
            if metadata is None:
                continue
            rank, label = 2, "%s:%s" % (module, name)
            if isinstance(value, type):
                owner = [cls for cls in value.__mro__ if cls.__dict__.get("metadata") is metadata][-1]
                home = getattr(sys.modules.get(owner.__module__), owner.__name__, None)
                rank = 4 if "__table__" in owner.__dict__ else 0 if home is owner else 1 if value is owner else 3
                label = "%s:%s" % (owner.__module__, owner.__name__) if home is owner else label
            elif issubclass(type(value), sqlalchemy.Table):
                rank = 5
            if id(metadata) not in best or rank < best[id(metadata)][0]:
                best[id(metadata)] = (rank, metadata, label)
    return [(metadata, label) for _, metadata, label in best.values()]


def select(targets):
    used = {}
    for target in targets:
        for metadata, label in target.metadata():
            used.setdefault(id(metadata), (metadata, label))
    if not any(metadata.tables for metadata, _ in used.values()):
        empty = ", ".join(label for _, label in used.values())
        raise Failure("no_tables", "no tables were found in " + ", ".join(target.text for target in targets),
                      "%sthe modules that define the tables must be imported: name them, or the package that holds them"
                      % (empty + " has none; " if empty else ""))
    return list(used.values())


# --- Where things are written ---


class Sources:
    """The source lines of tables, columns and their parts. The syntax tree of a class body is exact where it applies;
    everything else (Core tables, factories, classes made at run time) is known by who called its constructor."""

    def __init__(self, project):
        self.project, self.mapped = project, []
        self.library = os.path.dirname(sqlalchemy.__file__) + os.sep
        for cls in (sqlalchemy.Column, sqlalchemy.Index, sqlalchemy.Constraint, ddl.DDL):
            self.watch(cls)
        sqlalchemy.event.listen(sqlalchemy.Table, "before_parent_attach", lambda table, _: self.mark(table))
        sqlalchemy.event.listen(Mapper, "instrument_class", lambda mapper, cls: self.mapped.append((mapper, cls)))

    def watch(self, cls):
        construct = cls.__init__

        @functools.wraps(construct)
        def __init__(made, *args, **kw):
            self.mark(made)
            construct(made, *args, **kw)

        cls.__init__ = __init__

    def mark(self, made):
        if "_declared_at" not in made.__dict__:
            made.__dict__["_declared_at"] = self.caller()

    def caller(self):
        """The innermost line of the project on the stack. A library module that is being imported ends the search: what
        it defines is not declared by the line that imports it."""
        frame, other = sys._getframe(1), None
        while frame is not None:
            file, line = frame.f_code.co_filename, frame.f_lineno
            if not file.startswith((self.library, "<")) and file != HERE:
                if self.project.owns(file):
                    return file, line
                other = other or (file, line)
                if frame.f_code.co_name == "<module>":
                    break
            frame = frame.f_back
        return other

    @functools.lru_cache(None)
    def classes(self, file):
        """The class statements of a file by qualified name; of several with one name, the last."""
        found = {}

        def visit(node, prefix):
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.ClassDef):
                    found[prefix + child.name] = child
                    visit(child, prefix + child.name + ".")
                elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    visit(child, prefix + child.name + ".<locals>.")
                elif isinstance(child, ast.stmt):
                    visit(child, prefix)

        try:
            with open(file, "rb") as stream:
                visit(ast.parse(stream.read()), "")
        except (OSError, SyntaxError, ValueError):
            pass
        return found

    def statement(self, cls):
        file = getattr(sys.modules.get(cls.__module__), "__file__", None) or ""
        return (file, self.classes(file).get(cls.__qualname__)) if file.endswith(".py") else (file, None)

    def holds(self, cls, table):
        """Whether a table was made by this very class statement, rather than mapped to a class elsewhere."""
        made, (file, node) = table.__dict__.get("_declared_at"), self.statement(cls)
        if made is None or node is None:
            return False
        first = min([node.lineno] + [decorator.lineno for decorator in node.decorator_list])
        return made[0] == file and first <= made[1] <= node.end_lineno

    @functools.lru_cache(None)
    def declaring(self, table):
        """The mappers of a table whose class bodies declare its columns."""
        return [(mapper, cls) for mapper, cls in self.mapped
                if mapper.local_table is table and any(self.holds(base, table) for base in cls.__mro__)]

    def table(self, table):
        for _, cls in self.declaring(table):
            for base in cls.__mro__:
                if self.holds(base, table):
                    file, node = self.statement(base)
                    return file, node.lineno
        return table.__dict__.get("_declared_at")

    def column(self, column):
        library = None
        for mapper, cls in self.declaring(column.table):
            if column not in mapper._columntoproperty:
                continue
            key = mapper._columntoproperty[column].key
            for base in cls.__mro__:
                file, node = self.statement(base)
                line = member(node, key) if node else None
                if line and self.project.owns(file):
                    return file, line
                library = library or (line and (file, line))
        made = column.__dict__.get("_declared_at")
        return made if made and self.project.owns(made[0]) else library or made or self.table(column.table)

    def part(self, part):
        """An index or a constraint. One that was made together with its table was asked for by a column, as in
        `index=True`."""
        made = part.__dict__.get("_declared_at")
        if made and made != part.table.__dict__.get("_declared_at"):
            return made
        columns = list(part.columns)
        return self.column(columns[0]) if len(columns) == 1 else self.table(part.table)

    def type(self, kind, metadata):
        """An enumeration's class, else the first column of the type."""
        if getattr(kind, "enum_class", None):
            file, node = self.statement(kind.enum_class)
            if node:
                return file, node.lineno
        for table in metadata.tables.values():
            for column in table.columns:
                inner = column.type
                while inner is not None:
                    if getattr(inner, "name", None) == kind.name:
                        return self.column(column)
                    inner = getattr(inner, "item_type", None) or inner.__dict__.get("impl")
        return None

    def shown(self, at):
        return {"file": self.project.shown(at[0]), "line": at[1]} if at and at[1] else {"file": None, "line": None}

    def origin(self, table):
        parts = {"indexes": table.indexes, "constraints": table.constraints}
        return dict(
            self.shown(self.table(table)), schema=table.schema or "public", table=str(table.name),
            columns={str(column.name): self.shown(self.column(column)) for column in table.columns},
            **{kind: {name: self.shown(self.part(part)) for name, part in named(items)}
               for kind, items in parts.items()})


def named(parts):
    """Constraints or indexes by the names that the server gets to see: long ones are shortened."""
    preparer = postgresql.dialect().identifier_preparer
    quoted = [(preparer.format_constraint(part), part) for part in parts if isinstance(part.name, str)]
    found = [(preparer.unformat_identifiers(name)[0], part) for name, part in quoted if name]
    return sorted(found, key=lambda pair: pair[0])


def member(node, name):
    """The line of an attribute in a class body, also below `if`."""
    for child in node.body:
        targets = child.targets if isinstance(child, ast.Assign) else [getattr(child, "target", None)]
        if getattr(child, "name", None) == name or any(getattr(target, "id", None) == name for target in targets):
            return child.lineno
        if isinstance(child, (ast.If, ast.Try)):
            line = member(child, name)
            if line:
                return line
    return None


# --- The statements ---


def left_out(table):
    """Why a table is no part of the schema, if so: it may only map a view, or belong to another database, of which
    Flask-SQLAlchemy 2 keeps the tables in the same MetaData."""
    bind = table.info.get("bind_key")
    if bind and not table.metadata.info.get("bind_key"):
        return "it belongs to the bind %s" % bind
    return "it maps a view" if table.info.get("is_view") else None


class Nothing:
    """The answer to every question of a listener, be it a result or an inspector: there is nothing. So the listener
    creates what it wants to see."""

    rowcount = 0

    def __iter__(self):
        return iter(())

    def __len__(self):
        return 0

    def first(self, *args, **kw):
        return None

    def scalars(self, *args, **kw):
        return self

    def __getattr__(self, name):
        return lambda *args, **kw: []

    scalar = fetchone = one_or_none = scalar_one_or_none = close = first
    mappings = unique = scalars


class Recorder:
    """Stands in for a connection: `create_all` runs on it and each statement is kept rather than sent, so listeners,
    `DDL()`, `execute_if` and the rules about types are followed as SQLAlchemy itself follows them.

    Foreign keys are kept back until all tables and indexes stand: then order and cycles do not matter, and one that the
    server refuses does not take its table along."""

    closed = False

    def __init__(self, metadata, version, sources, warnings):
        self.metadata, self.sources, self.warnings = metadata, sources, warnings
        self.dialect = dialect_for(version)
        self.statements, self.later, self.created, self.done = [], [], {}, set()
        self.current, self.info = None, {}

    def run(self):
        sqlalchemy.event.listen(self.metadata, "after_create", lambda *args, **kw: self.flush(), insert=True)
        try:
            with tolerant_listeners(self.sources, self.warnings):
                self.metadata.create_all(self, checkfirst=False)
                self.flush()
        except Exception as error:
            at = self.sources.shown(self.locate(self.current)) if self.current is not None else {"file": None}
            where = " (%s:%s)" % (at["file"], at["line"]) if at["file"] else ""
            what = "%s%s: " % (getattr(self.current, "name", None) or "the models", where)
            raise Failure("create", "cannot write the DDL of " + what + summary(error), hint_for(error), error)
        # SQLAlchemy keeps the indexes of a table in a set, whose order differs from run to run.
        runs = itertools.groupby(self.statements, lambda statement: (statement["kind"], statement["object"]))
        return [one for (kind, _), run in runs
                for one in (sorted(run, key=lambda one: one["sql"]) if kind == "index" else run)]

    # What listeners may expect of a connection.
    engine = connection = sync_connection = property(lambda self: self)
    name = property(lambda self: self.dialect.name)
    driver = property(lambda self: self.dialect.driver)
    url = property(lambda self: sqlalchemy.engine.url.make_url("postgresql://"))

    def connect(self, *args, **kw):
        return self

    begin = begin_nested = execution_options = __enter__ = get_transaction = connect

    def close(self, *args, **kw):
        return None

    commit = rollback = __exit__ = in_transaction = close

    def schema_for_object(self, item):
        return item.schema

    def _run_ddl_visitor(self, visitor, element, **kw):
        kw["checkfirst"] = False
        visitor(self.dialect, self, **kw).traverse_single(element)

    def execute(self, statement, *args, **kw):
        if isinstance(statement, str):
            self.text(statement.replace("%%", "%"))  # Drivers take a single one for a placeholder.
        elif isinstance(statement, ddl.DDLElement):
            self.element(statement)
        elif isinstance(statement, sqlalchemy.sql.elements.TextClause):
            try:
                if args and isinstance(args[0], dict):
                    statement = statement.bindparams(**args[0])
                self.text(str(statement.compile(dialect=self.dialect, compile_kwargs={"literal_binds": True})))
            except sqlalchemy.exc.SQLAlchemyError:
                self.text(str(statement))
        return Nothing()

    exec_driver_sql = run_callable = execute

    def scalar(self, *args, **kw):
        self.execute(*args, **kw)

    def scalars(self, *args, **kw):
        return self.execute(*args, **kw)

    def text(self, sql, at=None):
        """Statements that the application wrote as text, perhaps several in one. Queries and rows are no schema."""
        for sql in split(sql):
            match = re.match(r"(?:\s|--[^\n]*\n|/\*.*?\*/)*(\w+)\s*(\w*)", sql, re.DOTALL)
            verb, noun = [word.lower() for word in match.groups()] if match else ("", "")
            if verb in ROWS or (verb in QUERIES and at is None):  # A DDL() is for its effect, whatever it says.
                continue
            kind = noun if verb == "create" and noun in ("schema", "extension") else "ddl"
            self.keep(kind, None, sql, at or self.sources.caller())

    def element(self, element):
        item, kind = getattr(element, "element", None), element.__visit_name__
        table = item if isinstance(item, sqlalchemy.Table) else getattr(item, "table", None)
        self.current = item if item is not None and not isinstance(item, str) else None
        if table is not None and left_out(table):
            return
        # A listener may create once more what is created anyway, trusting in `checkfirst`.
        if KINDS.get(kind) in ("type", "sequence", "table", "index"):
            key = item if kind == "create_index" else (kind, item.schema or "public", item.name)
            if key in self.done:
                return
            self.done.add(key)
        if isinstance(item, sqlalchemy.ForeignKeyConstraint) and kind in ("add_constraint", "set_constraint_comment"):
            self.later.append(element)
            return
        if kind == "create_table":
            self.created[item] = len(self.created)
            self.later += [ddl.AddConstraint(key) for key in self.foreign_keys(element)]
            element.include_foreign_key_constraints = []
        self.compile(element)

    def compile(self, element):
        item, visit = getattr(element, "element", None), element.__visit_name__
        kind = KINDS.get(visit, "ddl")
        if visit == "add_constraint" and isinstance(item, sqlalchemy.ForeignKeyConstraint):
            kind = "foreign_key"
        sql = str(element.compile(dialect=self.dialect)).strip().rstrip(";")
        if kind == "ddl":
            self.text(sql, self.locate(element) or self.locate(item) or ("<unknown>", None))
            return
        if kind == "schema":
            named = [getattr(item, "name", item)]
        else:
            owner = item if kind in ("type", "sequence", "table") else getattr(item, "table", item)
            named = [owner.schema or "public", str(owner.name)]
        self.keep(kind, named, sql, self.locate(item))

    def keep(self, kind, named, sql, at):
        self.statements.append(dict({"sql": sql.strip(), "kind": kind, "object": named},
                                    **self.sources.shown(at)))

    def flush(self):
        # The order that create_all has them in, except that it takes those of a circle from a set.
        def order(element):
            key = element.element
            return self.created.get(key.table, 0), bool(key.use_alter), key._creation_order, element.__visit_name__

        later, self.later = sorted(self.later, key=order), []
        for element in later:
            self.current = element.element
            self.compile(element)

    def foreign_keys(self, element):
        """The foreign keys that this CREATE TABLE would hold, in the order in which the server would number them."""
        compiler = self.dialect.ddl_compiler(self.dialect, None)
        included = element.include_foreign_key_constraints
        for key in sorted(element.element.foreign_key_constraints, key=lambda key: key._creation_order):
            wanted = getattr(key, "_should_create_for_compiler", key._create_rule or (lambda compiler: True))
            if (included is None or key in included) and not key.use_alter and wanted(compiler):
                yield key

    def locate(self, item):
        if isinstance(item, sqlalchemy.Table):
            return self.sources.table(item)
        if isinstance(item, sqlalchemy.Column):
            return self.sources.column(item)
        if isinstance(item, (sqlalchemy.Index, sqlalchemy.Constraint)) and item.table is not None:
            return self.sources.part(item)
        if isinstance(item, sqlalchemy.Sequence):
            return self.sources.column(item.column) if getattr(item, "column", None) is not None else None
        if isinstance(item, sqlalchemy.types.TypeEngine):
            return self.sources.type(item, self.metadata)
        return getattr(item, "__dict__", {}).get("_declared_at")


KINDS = {
    "create_schema": "schema", "create_enum_type": "type", "create_domain_type": "type", "create_sequence": "sequence",
    "create_table": "table", "create_index": "index", "set_table_comment": "comment", "set_column_comment": "comment",
    "set_constraint_comment": "comment",
}
QUERIES = {"select", "with", "show", "values", "table"}
ROWS = {"insert", "update", "delete", "merge", "copy", "truncate", "begin", "commit", "rollback"}


def dialect_for(version):
    """SQLAlchemy's dialect as it would be after connecting to a server of this version."""
    server = (version // 10000, version % 10000) if version >= 100000 else (version // 10000, version // 100 % 100)
    dialect = postgresql.dialect(paramstyle="named")
    dialect.server_version_info = server
    dialect.default_schema_name = "public"
    # Until connected, SQLAlchemy doubles backslashes, and per cent signs for the driver's sake.
    dialect._backslash_escapes = False
    dialect.identifier_preparer._double_percents = False
    dialect.supports_smallserial = True
    dialect.supports_identity_columns = server >= (10,)
    dialect._supports_jsonb_subscripting = server >= (14,)
    dialect.supports_virtual_generated_columns = server >= (18,)
    dialect._supports_create_index_concurrently = False  # Impossible in a transaction, and no part of the schema.
    return dialect


@contextlib.contextmanager
def tolerant_listeners(sources, warnings):
    """Meanwhile a listener of the application that cannot do without a database is reported and passed over."""

    def call(listeners, *args, **kw):
        for listener in listeners:
            try:
                listener(*args, **kw)
            except Exception as error:
                frames = [frame for frame in user_frames(error) if not frame.filename.startswith(sources.library)]
                if not frames:
                    raise
                warnings.append("a listener failed without a database, and what it creates is missing: %s (%s:%s)"
                                % (summary(error), sources.project.shown(frames[0].filename), frames[0].lineno))

    classes = sqlalchemy.event.attr._EmptyListener, sqlalchemy.event.attr._CompoundListener
    calls = [cls.__call__ for cls in classes]
    try:
        for cls in classes:
            cls.__call__ = call
        yield
    finally:
        for cls, former in zip(classes, calls):
            cls.__call__ = former


def collect(used, choices, version, sources, warnings):
    """The statements of several MetaData as one list. What two of them have in common is created once."""
    statements, known = [], {}
    sqlalchemy.inspection._inspects(Recorder)(lambda recorder: Nothing())
    for metadata, label in used:
        mine = Recorder(metadata, version, sources, warnings).run()
        earlier = dict(known)
        for statement in mine:
            key = (statement["kind"], tuple(statement["object"] or ()))
            if key[0] in ("table", "type"):
                sql, other = earlier.get(key, (statement["sql"], label))
                name = ".".join(key[1])
                if sql != statement["sql"] and key[0] == "table":
                    raise Failure("ambiguous", "table %s is defined differently by %s and %s" % (name, other, label),
                                  "name the one to use, for example %s" % choices[other])
                if sql != statement["sql"]:
                    warnings.append("type %s is defined by %s, and differently by %s" % (name, other, label))
                    continue
            else:
                key += (statement["sql"],)
            if key not in earlier:
                statements.append(statement)
            known[key] = (statement["sql"], label)
    return missing_schemas(statements) + statements


CREATE_SCHEMA = re.compile(r'CREATE\s+SCHEMA\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:"([^"]+)"|(\w+))', re.IGNORECASE)


def missing_schemas(statements):
    """CREATE SCHEMA for what `create_all` expects to exist, unless the application creates it in time itself."""
    made, missing = {"public"}, []
    for statement in statements:
        if statement["kind"] == "schema":
            match = CREATE_SCHEMA.match(statement["sql"])
            made.add((match.group(1) or match.group(2).lower()) if match else "public")
        elif statement["object"] and statement["object"][0] not in made:
            schema = statement["object"][0]
            made.add(schema)
            missing.append({"sql": 'CREATE SCHEMA IF NOT EXISTS "%s"' % schema.replace('"', '""'), "kind": "schema",
                            "object": [schema], "file": None, "line": None})
    return missing


SEPARATORS = re.compile(r"""
    (?<![\w$])(?P<tag>\$(?:[A-Za-z_]\w*)?\$).*?(?P=tag)      # $$ body $$
    | \b[eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | "[^"]*"   # strings and names
    | --[^\n]* | /\*.*?\*/ | (?P<end>;)""", re.VERBOSE | re.DOTALL)


def split(sql):
    """Single statements. A body in standard SQL has semicolons of its own, and is left whole."""
    if re.search(r"\bBEGIN\s+ATOMIC\b", sql, re.IGNORECASE):
        return [sql]
    ends = [match.start() for match in SEPARATORS.finditer(sql) if match.group("end")]
    pieces = [sql[start:end] for start, end in zip([0] + [end + 1 for end in ends], ends + [len(sql)])]
    return [piece for piece in pieces if re.sub(r"--[^\n]*|/\*.*?\*/", "", piece, flags=re.DOTALL).strip()]


# --- Failures in the user's terms ---


def summary(error):
    lines = str(error).strip().splitlines()
    return "%s: %s" % (type(error).__name__, lines[0]) if lines else type(error).__name__


def user_frames(error):
    importing = os.path.dirname(importlib.__file__) + os.sep
    return [frame for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename != HERE and not frame.filename.startswith(("<frozen", importing))]


def causes(error):
    """The exception and those that led to it, latest first."""
    found = []
    while error is not None and error not in found and len(found) < 8:
        found.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def user_traceback(error):
    blocks = ["".join(traceback.format_list(user_frames(one)) + traceback.format_exception_only(type(one), one))
              for one in reversed(causes(error))]
    lines = "\n".join(blocks).rstrip().splitlines()
    return "\n".join(["Traceback (most recent call last):"] + (["  ..."] + lines[-15:] if len(lines) > 15 else lines))


PYTHON = "is this the project's virtual environment? choose its interpreter with --python"
HINTS = [  # The first whose class is in the exception's ancestry and whose words are in its text.
    ("ImportError", "relative import",
     "name the module by its full dotted name, and set --path to the folder that holds its outermost package"),
    ("RuntimeError", "application context",
     "push an application context first: --init \"from app import create_app; create_app().app_context().push()\""),
    ("SystemExit", "", "it ended the program while it was imported; name a module that only defines models"),
    ("InvalidRequestError", "is already defined for this MetaData",
     "one file is imported under two names; name it as the application does, and check --path"),
    ("NoReferencedTableError", "",
     "the module that defines the table referred to was not imported; add it, or its package, to the targets"),
    ("ArgumentError", "URL", "set the variable with the database URL, for example "
     "--setenv DATABASE_URL=postgresql://localhost/x"),
]
HINTS += [(name, "", "it connects to a server while it is imported; name a module that only defines models")
          for name in ("OperationalError", "ConnectionError")]
HINTS += [(name, "", "set the variables the application's settings want with --setenv NAME=value")
          for name in ("ValidationError", "SettingsError", "EnvError", "UndefinedValueError", "ImproperlyConfigured")]


def hint_for(error, module=""):
    """What to set or do about a failure, where that can be told."""
    for one in causes(error):
        frames = traceback.extract_tb(one.__traceback__)
        if isinstance(one, ModuleNotFoundError) and one.name:
            return missing_module(one.name, module)
        if isinstance(one, KeyError) and one.args and frames and re.search(r"\bos(\.py)?>?$", frames[-1].filename):
            return "set the variable the application wants: --setenv %s=value" % one.args[0]
        with contextlib.suppress(Exception):  # As pydantic reports them.
            names = [str(item["loc"][0]).upper() for item in one.errors()]
            return "set the variables the application's settings want: " + " ".join(
                "--setenv %s=value" % name for name in names)
        ancestry = {cls.__name__ for cls in type(one).__mro__}
        for name, words, hint in HINTS:
            if name in ancestry and words in str(one):
                return hint
    return ""


def missing_module(name, module):
    if not (module + ".").startswith(name + "."):
        return "%s is not installed for %s; %s" % (name.split(".")[0], sys.executable, PYTHON)
    for folder in ("src", "lib", "backend", "app"):
        if os.path.exists(os.path.join(folder, name.split(".")[0])):
            return "%s is in %s: set --path %s" % (name, folder, folder)
    return "%s is not found from %s; set --path to the folder that holds it, or install it for %s" % (
        name, os.getcwd(), sys.executable)


main()
