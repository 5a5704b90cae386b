# The project: which files are the user's own, and how they are imported. Joined behind main.py to one script.


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


