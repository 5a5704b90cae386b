# The statements. Joined behind main.py to one script.


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


