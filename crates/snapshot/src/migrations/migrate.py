# What is asked for: Alembic's migrations, run in the shadow database. Joined behind main.py to one script.
#
# The project's own env.py runs, since it says much that matters: schemas, types, where the books are kept. Whatever URL
# it works out, the drivers are led to the shadow database, and each connection is asked where it is before it is used.
# Where the shadow cannot be reached from here, Alembic writes SQL instead.

UNREADABLE = "the migrations could not be run"
# What says where a database is, and how to get in; the rest of what a driver is told holds for the shadow too.
PLACE = re.compile(r"^(dsn|conninfo|host|hostaddr|port|user|password|passfile|dbname|database|service|servicefile|"
                   r"unix_sock|ssl.*|direct_tls|gss.*|krb.*|channel_binding|target_session_attrs|require_auth|"
                   r"load_balance_hosts|requirepeer)$")
URL = "set the variable with the database's URL, for example --setenv DATABASE_URL=postgresql://localhost/x"
LACKING = "name a server that has it with --shadow or --pg-bin"
DRIVERS = ["psycopg", "psycopg2", "asyncpg", "pg8000"]


def extract(options):
    project = prepare(options)
    load_alembic()
    shadow = options.get("shadow")
    guard = Guard(shadow)
    run_init(options)
    config, script = configuration(options["migrations"])
    targets = options.get("targets") or ["heads"]
    targets = ends(script, targets)
    reply = {"alembic": alembic.__version__, "history": history(script, targets, project)}
    reason, online = unreachable(shadow), None
    if reason is None:
        try:
            for target in targets:
                upgrade(config, script, target, project)
            return reply
        except Failure as failure:
            if guard.connections or failure.reply["kind"] in ("revision", "shadow"):
                raise
            reason, online = failure.reply["message"], failure
    # Nothing has reached the shadow database: what would be run is written down.
    guard.is_shut = True
    config.output_buffer = io.StringIO()
    try:
        if len(targets) > 1:
            raise Failure("offline", "several heads cannot be written as one text of SQL")
        upgrade(config, script, targets[0], project, sql=True)
    except Failure as failure:
        if online:
            raise online
        failure.reply["message"] += "; this is `alembic upgrade --sql`, since " + reason
        raise
    return dict(reply, sql=config.output_buffer.getvalue(), offline=reason)


def load_alembic():
    global alembic, Config, ScriptDirectory
    try:
        import alembic
        import alembic.command
        from alembic.config import Config
        from alembic.script import ScriptDirectory
    except ImportError as error:
        raise Failure("no_alembic", "Alembic is not installed for %s" % sys.executable, PYTHON, error)


def configuration(path):
    """Alembic's settings, and its folder: from its ini file, or beside the folder that holds env.py."""
    path = path.rstrip("/") or "/"
    if os.path.basename(path) == "versions":
        path = os.path.dirname(path) or "."
    if not os.path.exists(path):
        raise Failure("target", "there is no %s in %s" % (path, os.getcwd()),
                      "name alembic.ini, or the folder that holds env.py")
    config = settings(path)
    try:
        given = config.get_main_option("sqlalchemy.url") or ""
    except Exception:  # It waits for a value that env.py sets.
        given = ""
    config.set_main_option("sqlalchemy.url", stand_in(given, path if os.path.isdir(path) else "."))
    try:
        script = ScriptDirectory.from_config(config)
    except BaseException as error:
        raise Failure("target", "Alembic cannot use %s: %s" % (path, summary(error)), hint_for(error), error)
    if not os.path.exists(os.path.join(script.dir, "env.py")):
        raise Failure("target", "there is no env.py in %s" % script.dir,
                      "name alembic.ini, or the folder that holds env.py")
    return config, script


def settings(path):
    if not os.path.isdir(path):
        return Config(toml_file=path) if path.endswith(".toml") else Config(path)
    own = os.path.join(path, "alembic.ini")
    if os.path.exists(own):
        config = Config(own)
        named = config.get_main_option("script_location") or ""
        # Flask-Migrate leaves it out, and an installed package names it from where it was made.
        if not named or (os.path.exists(os.path.join(path, "env.py")) and not os.path.exists(named) and ":" not in named):
            config.set_main_option("script_location", path.replace("%", "%%"))
        return config
    folder = os.path.realpath(path)
    # The file that names this folder, here or in a folder above it: it may hold more than the folder's name.
    for parent in [os.getcwd(), os.path.dirname(folder), os.path.dirname(os.path.dirname(folder))]:
        ini = os.path.join(parent, "alembic.ini")
        if os.path.exists(ini):
            config = Config(os.path.relpath(ini) if parent == os.getcwd() else ini)
            named = config.get_main_option("script_location") or ""
            if folder in (os.path.realpath(named), os.path.realpath(os.path.join(parent, named))):
                config.set_main_option("script_location", path.replace("%", "%%"))
                return config
    config = Config()
    config.set_main_option("script_location", path.replace("%", "%%"))
    return config


def stand_in(given, folder):
    """A URL of the project's own driver. What else it says does not matter, for the drivers are led elsewhere."""
    name = given.split(":")[0] if re.match(r"postgres(ql)?(\+\w+)?://", given) else None
    if name is None:
        env, order = os.path.join(folder, "env.py"), DRIVERS
        if os.path.exists(env) and re.search(r"\basync", open(env, errors="replace").read()):
            order = ["asyncpg", "psycopg"]
        found = next((one for one in order if importlib.util.find_spec(one)), "psycopg2")
        name = "postgresql+" + found
    return name.replace("postgres+", "postgresql+") + "://shadow@localhost/shadow"


def ends(script, targets):
    """The targets that no other one follows: the others come along."""
    if len(targets) < 2:
        return targets
    try:
        followed = {name for target in targets for name in follows(script, script.get_revision(target))}
    except Exception as error:
        raise Failure("target", "the revisions cannot be read: " + summary(error), hint_for(error), error)
    return [target for target in targets if target not in followed]


def history(script, targets, project):
    """The revisions up to the targets, each after those that it follows."""
    try:
        found = {}
        for target in targets:
            for revision in script.iterate_revisions(target, "base"):
                found.setdefault(revision.revision, revision)
        order = [one for one in reversed(list(script.walk_revisions("base", "heads"))) if one.revision in found]
    except BaseException as error:
        raise Failure("target", "the revisions cannot be read: " + summary(error), hint_for(error), error)
    return [{"id": one.revision, "follows": follows(script, one), "file": project.shown(one.path)} for one in order]


def follows(script, revision):
    before = set(listed(revision.down_revision))
    for name in listed(revision.dependencies):  # These may be labels.
        before.update(one.revision for one in script.get_revisions(name) if one is not None)
    return sorted(before)


def listed(value):
    return [] if not value else [value] if isinstance(value, str) else list(value)


def upgrade(config, script, target, project, sql=False):
    try:
        alembic.command.upgrade(config, target, sql=sql)
    except BaseException as error:
        failure = next((one for one in causes(error) if isinstance(one, Failure)), None)
        if failure:
            raise failure
        files = {os.path.realpath(one.path): one.revision for one in script.walk_revisions()}
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            revision = files.get(os.path.realpath(frame.filename))
            if revision:
                place, reason = "%s:%s" % (project.shown(frame.filename), frame.lineno), reason_of(error)
                raise Failure("revision", "revision %s cannot be applied (%s): %s" % (revision, place, reason),
                              LACKING if "extension" in reason and "not available" in reason else "")
        raise Failure("env", "env.py failed: " + reason_of(error), hint_for(error), error)


def reason_of(error):
    """The server's own words where there are some, without the statement that SQLAlchemy adds."""
    return summary(getattr(error, "orig", None) or error)


def unreachable(shadow):
    """Why Python cannot connect to the shadow; None where it can."""
    if not shadow:
        return "the shadow database is inside driftglass"
    try:
        if shadow["host"].startswith("/"):
            with contextlib.closing(socket.socket(socket.AF_UNIX)) as one:
                one.settimeout(5)
                one.connect("%s/.s.PGSQL.%s" % (shadow["host"], shadow["port"]))
        else:
            socket.create_connection((shadow["host"], int(shadow["port"])), 5).close()
    except OSError as error:
        return "this Python cannot reach the shadow database: " + str(error)
    return None


class Guard:
    """Leads the drivers to the shadow database, and asks every connection where it has got to."""

    def __init__(self, shadow):
        self.shadow, self.connections = shadow or {"host": "", "port": "0", "dbname": ""}, 0
        self.is_shut = not shadow  # Where SQL is only written, there is nothing to connect to.
        for name in DRIVERS:
            if importlib.util.find_spec(name):
                with contextlib.suppress(ImportError):
                    getattr(self, "lead_" + name)(importlib.import_module(name))
        import sqlalchemy.event
        import sqlalchemy.pool
        sqlalchemy.event.listen(sqlalchemy.pool.Pool, "connect", self.ask)
        context = importlib.import_module("alembic.runtime.migration").MigrationContext
        init = context.__init__
        context.__init__ = lambda this, dialect, *more, **named: init(this, self.own(dialect), *more, **named)

    def own(self, dialect):
        if dialect.name != "postgresql":
            raise Failure("shadow", "env.py asks for %s, not for PostgreSQL" % dialect.name, URL)
        return dialect

    def ask(self, connection, _record):
        try:
            cursor = connection.cursor()
            cursor.execute("SELECT current_database()")
            name = cursor.fetchone()[0]
            cursor.close()
            connection.rollback()
        except Exception as error:
            name = summary(error)
        if name != self.shadow["dbname"]:
            raise Failure("shadow", "env.py connects to something else than PostgreSQL's shadow database (%s)" % name,
                          URL)
        self.connections += 1

    def led(self, told, **place):
        if self.is_shut:
            raise Failure("offline", "a connection is asked for where SQL is only written (alembic upgrade --sql)")
        kept = {key: value for key, value in told.items() if not PLACE.match(key)}
        return dict(kept, **{key: value for key, value in place.items() if value is not None})

    def libpq(self, told):
        return self.led(told, **self.shadow)

    def lead_psycopg2(self, module):
        connect, parse = module.connect, module.extensions.parse_dsn
        module.connect = lambda dsn=None, *args, **told: connect(
            None, *args, **self.libpq(dict(parse(dsn) if dsn else {}, **told)))

    def lead_psycopg(self, module):
        parse = module.conninfo.conninfo_to_dict
        for kind in (module.Connection, module.AsyncConnection):
            connect = kind.connect.__func__
            kind.connect = classmethod(lambda cls, conninfo="", connect=connect, **told: connect(
                cls, "", **self.libpq(dict(parse(conninfo), **told))))
        module.connect = module.Connection.connect

    def lead_asyncpg(self, module):
        place = {name: self.shadow.get(name) for name in ("host", "user", "password")}
        place.update(port=int(self.shadow["port"]), database=self.shadow["dbname"])
        place["ssl"] = self.shadow.get("sslmode") or False
        connect = module.connect
        module.connect = lambda _dsn=None, **told: connect(**self.led(told, **place))
        module.connection.connect = module.connect  # What its pools call.

    def lead_pg8000(self, module):
        place = {name: self.shadow.get(name) for name in ("host", "user", "password")}
        place.update(port=int(self.shadow["port"]), database=self.shadow["dbname"])
        if place["host"].startswith("/"):
            place["unix_sock"] = "%s/.s.PGSQL.%s" % (place.pop("host"), place.pop("port"))
        names = ["user", "host", "database", "port", "password"]
        for part in [module, importlib.import_module("pg8000.dbapi")]:
            part.connect = lambda *args, connect=part.connect, **told: connect(
                **self.led(dict(zip(names, args), **told), **place))


