# Where things are written. Joined behind main.py to one script.


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


