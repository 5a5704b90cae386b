//! No secret reaches anything that is written: one is planted in every place that may hold one, everything is run that
//! there is, in every way that fails too, and all that came of it is searched.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::faults::OwnServer;
use tests::{Database, Ran, driftglass, python, run, server_url, setting};

/// What all secrets begin with.
const PLANTED: &str = "pLanTed";

/// What the user wrote, secrets included; everything else in the folder was written by the command.
const OWN: [&str; 9] = [
    "driftglass.toml",
    "app.py",
    "fails.py",
    "refused.py",
    "alembic.ini",
    "env.py",
    "pgpass",
    "bad.sql",
    "service.conf",
];

/// A project whose every setting holds a secret.
struct Project {
    folder: tempfile::TempDir,
    python: String,
    found: Vec<String>,
    runs: usize,
}

/// What a run must come to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ends {
    Told,
    Failed,
}
use Ends::{Failed, Told};

impl Project {
    fn new(live: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let python = python("alembic").display().to_string();
        let project = Self { folder, python, found: Vec::new(), runs: 0 };
        let live = live.replacen("postgres@", "postgres:pLanTedLive@", 1);
        let shadow = server_url("postgres").replacen("postgres@", "postgres:pLanTedShadow@", 1);
        project.write(
            "driftglass.toml",
            &format!(
                "models = 'app'\ndb = 'db:live'\nshadow = '{shadow}'\nmigrations = 'alembic:alembic.ini'\n\
                 init = 'SECRET = \"pLanTedInit\"'\n\
                 [databases]\nlive = '{live}'\ngone = 'postgres://me:pLanTedGone@127.0.0.1:1/d'\n\
                 [environment]\nAPP_URL = 'postgresql+psycopg://app:pLanTedUrl@h/d'\nAPP_TOKEN = 'pLanTedToken'\n"
            ),
        );
        project.write("app.py", APP);
        project.write("fails.py", FAILS);
        project.write("refused.py", REFUSED);
        project.write(
            "alembic.ini",
            "[alembic]\nscript_location = db\nprepend_sys_path = .\nsqlalchemy.url = postgresql://me:pLanTedIni@127.0.0.1:1/d\n",
        );
        fs::create_dir_all(project.path().join("db/versions")).unwrap();
        project.write("db/env.py", ENV);
        project.write("pgpass", "*:*:*:*:pLanTedPass\n");
        fs::set_permissions(project.path().join("pgpass"), fs::Permissions::from_mode(0o600)).unwrap();
        project.write("service.conf", "[prod]\nhost=127.0.0.1\nport=1\nuser=me\npassword=pLanTedService\n");
        project.write(
            "bad.sql",
            "CREATE TABLE t ();\nCREATE SUBSCRIPTION s CONNECTION 'host=h pLanTedWord' PUBLICATION p;\n",
        );
        project
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = driftglass(self.path(), words);
        command.env_remove("DRIFTGLASS_SHADOW").args(["--python", &self.python]);
        command.env("PGPASSFILE", self.path().join("pgpass")).env("HOME", self.path());
        command.env("AWS_ACCESS_KEY_ID", "pLanTedId").env("AWS_SECRET_ACCESS_KEY", "pLanTedKey");
        command.env("AWS_ENDPOINT_URL", "http://127.0.0.1:1").env("AWS_ALLOW_HTTP", "true");
        command.env("AWS_MAX_RETRIES", "0").env("GITHUB_STEP_SUMMARY", self.path().join("summary.md"));
        command.env("DEPLOY_PASSWORD", "pLanTedDeploy");
        command
    }

    fn run(&mut self, ends: Ends, words: &[&str]) -> Ran {
        let command = self.command(words);
        self.try_run(ends, command)
    }

    fn try_run(&mut self, ends: Ends, mut command: Command) -> Ran {
        let ran = run(&mut command);
        let words: Vec<_> = command.get_args().collect();
        if (ran.status == 2) != (ends == Failed) {
            self.found.push(format!("{words:?}: {ran:?}"));
        }
        for text in [&ran.stdout, &ran.stderr] {
            self.found.extend(lines(text).map(|line| format!("{words:?}: {line}")));
        }
        self.runs += 1;
        ran
    }

    /// Searches the files, and tells of all that was found.
    fn search(mut self) {
        let mut files = 0;
        let mut folders = vec![self.path().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for path in fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()) {
                match path.is_dir() {
                    true => folders.push(path),
                    false if OWN.iter().any(|own| path.ends_with(own)) => {}
                    false => {
                        files += 1;
                        let found: Vec<String> = lines(&text(&path)).map(str::to_owned).collect();
                        self.found.extend(found.iter().map(|line| format!("{}: {line}", path.display())));
                    }
                }
            }
        }
        assert!(files > 15 && self.runs > 30, "{files} files of {} runs", self.runs);
        assert!(self.found.is_empty(), "{}", self.found.join("\n"));
    }
}

/// A file's text; what is packed is unpacked.
fn text(path: &Path) -> String {
    let bytes = fs::read(path).unwrap();
    let bytes = match bytes.starts_with(b"\x1f\x8b") {
        true => Command::new("gzip").arg("-dc").arg(path).output().unwrap().stdout,
        false => bytes,
    };
    String::from_utf8_lossy(&bytes).into_owned()
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| line.contains(PLANTED))
}

/// Models that see what everybody on the machine sees of all processes.
const APP: &str = r#"
import glob
import sqlalchemy as sa

seen = []
for path in glob.glob("/proc/[0-9]*/cmdline"):
    try:
        seen.append(open(path, "rb").read())
    except OSError:
        pass  # It has ended meanwhile.
open("seen.bin", "ab").write(b"\n".join([b"looked", *seen]))
metadata = sa.MetaData()
sa.Table("users", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("email", sa.Text))
"#;

const FAILS: &str = r#"
import os
url = os.environ["APP_URL"]
password = "pLanTedLiteral"
connection = {"password": "pLanTedDict", "host": "h"}
raise RuntimeError(f"cannot connect to {url} with {os.environ['APP_TOKEN']}, {connection!r}, password='pLanTedLiteral', "
                   f"postgres://u:pLanTedOther@h/d, {os.environ['DEPLOY_PASSWORD']}, {os.environ['AWS_SECRET_ACCESS_KEY']}")
"#;

/// Models of which PostgreSQL refuses a statement that holds secrets.
const REFUSED: &str = r#"
import sqlalchemy as sa
metadata = sa.MetaData()
sa.Table("users", metadata, sa.Column("id", sa.Integer, primary_key=True))
sa.event.listen(metadata, "after_create", sa.DDL(
    "CREATE SUBSCRIPTION s CONNECTION 'host=h password=pLanTedConn pLanTedPart' PUBLICATION p"))
sa.event.listen(metadata, "after_create", sa.DDL("CREATE USER MAPPING FOR PUBLIC SERVER gone OPTIONS (password 'pLanTedMap')"))
"#;

const ENV: &str = r#"
from alembic import context
url = context.config.get_main_option("sqlalchemy.url")
raise RuntimeError(f"no migrations on {url} for password=pLanTedEnv")
"#;

/// Everything in a database that may be told a secret.
const DATABASE: &str = "CREATE FOREIGN DATA WRAPPER w OPTIONS (api_key 'pLanTedWrapper');
     CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'h', password 'pLanTedServer', passwd 'pLanTedPasswd',
       dsn 'Driver=x;UID=u;PWD=pLanTedDsn', uri 'mongodb://u:pLanTedUri@h/d', sslpassword 'pLanTedSsl');
     CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (user 'u', password 'pLanTedMapping', anything 'pLanTedAny');
     CREATE FOREIGN TABLE f (a int OPTIONS (token 'pLanTedColumn')) SERVER s OPTIONS (secret 'pLanTedTable');
     CREATE PUBLICATION p;
     CREATE SUBSCRIPTION sub CONNECTION 'host=h password=pLanTedSub' PUBLICATION p WITH (connect = false);
     CREATE TABLE users (id int PRIMARY KEY, name text);";

const FORMS: [&str; 9] = [
    "r.txt",
    "r.json",
    "r.sql",
    "r.md",
    "r.html",
    "r.sarif",
    "r.xml",
    "github=r.github",
    "gl-code-quality-report.json",
];

#[test]
fn no_secret_is_written() {
    let database = Database::new(DATABASE);
    let mut project = Project::new(&database.url());
    let live = database.url().replacen("postgres@", "postgres:pLanTedTyped@", 1);
    // What works.
    project.run(Told, &["snapshot", "db:live", "-o", "live.json"]);
    project.run(Told, &["snapshot", &live, "-o", "typed.json.gz"]);
    project.run(Told, &["snapshot", "models:app", "-o", "models.json"]);
    project.run(Told, &["snapshot", "models:refused", "-o", "refused.json"]);
    project.run(Told, &["snapshot", &live, "--all", "-o", "fleet", "--databases", database.name()]);
    for form in FORMS {
        project.run(Told, &["check", "--lint", "-o", form]);
        project.run(Told, &["diff", "empty:", "db:live", "-o", form]);
    }
    project.run(Told, &["check", "--models", "refused", "--format", "json"]);
    for format in ["sql", "json", "alembic"] {
        let name = format!("plan.{format}");
        project.run(Told, &["plan", "empty:", "db:live", "--format", format, "-o", &name]);
        project.run(Told, &["plan", "db:live", "models:app", "--online", "--format", format, "-o", &name]);
    }
    project.run(Told, &["compare", "db:live", "models:app", &live]);
    project.run(Told, &["lint", "db:live"]);
    project.run(Told, &["view", "db:live", "models:app", "--html", "view.html"]);
    project.run(Told, &["publish", "place", "db:live", &format!("typed={live}")]);
    // What fails.
    let own = OwnServer::start();
    own.execute(&["ALTER ROLE postgres PASSWORD 'right'"]);
    own.write("pg_hba.conf", "host all all 127.0.0.1/32 scram-sha-256\nlocal all all trust\n");
    own.execute(&["SELECT pg_reload_conf()"]);
    let wrong = own.url("postgres:pLanTedWrong", "127.0.0.1", "");
    let no_database = server_url("no_such_database").replacen("postgres@", "postgres:pLanTedNone@", 1);
    for reference in [
        "db:gone",
        "db:nowhere",
        &wrong,
        &own.url("postgres", "127.0.0.1", "?password=pLanTedQuery"),
        &own.url("postgres", "127.0.0.1", ""),
        &no_database,
        "postgres://u:pLanTed/Slash@h/d",
        "postgres://u:pLanTedPort@h:port/d",
        "postgres://u:pLanTed%zz@h/d",
        "mysql://u:pLanTedMysql@h/d",
        "host=h password=pLanTedDsn dbname=d",
        "postgresql//u:pLanTedColon@h/d",
        "postgres://u:pLanTedMode@h/d?sslmode=never",
        "postgres://u:pLanTedKey@localhost/d?sslmode=require&sslcert=/gone&sslkey=/gone&sslpassword=pLanTedSslKey",
        "https://u:pLanTedWeb@127.0.0.1:1/a.json",
        "https://h/a.json?token=pLanTedSigned",
        "s3://bucket/a.json",
        "models:fails",
        "models:gone",
        "alembic:alembic.ini",
        "sql:bad.sql",
    ] {
        project.run(Failed, &["snapshot", reference, "-o", "failed.json"]);
        project.run(Failed, &["diff", reference, "models.json"]);
    }
    project.run(Failed, &["check", "--db", "db:gone"]);
    project.run(Failed, &["check", "--models", "fails"]);
    project.run(Failed, &["publish", "s3://bucket/place", "db:live"]);
    project.run(Failed, &["publish", "place", &wrong]);
    project.run(Failed, &["publish", "place", "prod"]);
    project.run(Failed, &["snapshot", &wrong, "--all", "-o", "fleet"]);
    project.run(Failed, &["check", &live]);
    project.run(Failed, &["snapshot", &live, "--no-such-option"]);
    project.run(Failed, &["snapshot", "models:app", "--shadow", "postgres://u:pLanTedShadow2@127.0.0.1:1/d"]);
    project.run(Failed, &["snapshot", "models:fails", "--setenv", "APP_TOKEN=pLanTedSet"]);
    let mut passing = project.command(&["snapshot", "postgres://postgres@127.0.0.1:1/d"]);
    passing.env("PGPASSWORD", "pLanTedVariable");
    project.try_run(Failed, passing);
    let mut service = project.command(&["snapshot", "db:"]);
    service.env("PGSERVICE", "prod").env("PGSERVICEFILE", project.path().join("service.conf"));
    project.try_run(Failed, service);
    project.write("driftglass.toml", "[databases]\nlive = 'postgres://u:pLanTedBroken@h/d\n");
    project.run(Failed, &["check"]);
    project.write("driftglass.toml", "db = ['postgres://u:pLanTedList@h/d']\n");
    project.run(Failed, &["check"]);
    fs::remove_file(project.path().join("seen.bin")).unwrap();
    project.search();
}

#[test]
fn no_secret_of_the_environment_is_an_argument() {
    let database = Database::new("CREATE TABLE users (id int PRIMARY KEY)");
    let mut project = Project::new(&database.url());
    let mut command = project.command(&["check"]);
    command.env("PGPASSWORD", "pLanTedVariable");
    project.try_run(Told, command);
    let seen = text(&project.path().join("seen.bin"));
    assert!(seen.contains("looked") && seen.contains("driftglass"), "the models have seen the processes");
    // Other tests type URLs at the same time; of these words none is ever typed.
    const GIVEN: [&str; 12] = [
        "Variable", "Live", "Shadow@", "Init", "Gone", "Url", "Token", "Ini", "Pass", "Service", "Key",
        "Deploy",
    ];
    let given = GIVEN.map(|name| format!("{PLANTED}{name}"));
    let is_given = |word: &&str| given.iter().any(|given| word.contains(given));
    // `Key` and `Token` begin other words that are typed.
    let is_typed = |word: &&str| word.contains("sslmode=require") || word.contains("token=");
    assert_eq!(seen.split('\0').find(|word| is_given(word) && !is_typed(word)), None);
}

/// The command without the models' Python, for what the reports of the tests themselves hold.
#[test]
fn a_text_without_secrets_is_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let file: PathBuf = folder.path().join("a.sql");
    fs::write(&file, "CREATE TABLE t (password text);\nSELECT token;\n").unwrap();
    let ran = run(&mut driftglass(folder.path(), &["snapshot", "sql:a.sql"]));
    assert_eq!(
        ran.stderr,
        "error: a.sql:2: column \"token\" does not exist\n",
        "{}",
        setting("DRIFTGLASS").display()
    );
}
