//! What libpq would read: the URL, the service file, the environment, the password file.
//!
//! The order is libpq's: what the URL says wins, then the service, then the environment, then defaults
//! (manual, "Connection Strings", "The Connection Service File", "The Password File").

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::Error;

/// Connection settings by libpq's names.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Settings(BTreeMap<String, String>);

/// The environment, as a function, so that tests need not change the real one.
pub(crate) type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

const VARIABLES: [(&str, &str); 16] = [
    ("PGHOST", "host"),
    ("PGHOSTADDR", "hostaddr"),
    ("PGPORT", "port"),
    ("PGDATABASE", "dbname"),
    ("PGUSER", "user"),
    ("PGPASSWORD", "password"),
    ("PGPASSFILE", "passfile"),
    ("PGOPTIONS", "options"),
    ("PGSSLMODE", "sslmode"),
    ("PGSSLROOTCERT", "sslrootcert"),
    ("PGSSLCERT", "sslcert"),
    ("PGSSLKEY", "sslkey"),
    ("PGCONNECT_TIMEOUT", "connect_timeout"),
    ("PGAPPNAME", "application_name"),
    // Not one of libpq's.
    ("DRIFTGLASS_TIMEOUT", "timeout"),
    ("DRIFTGLASS_CONNECTIONS", "connections"),
];

impl Settings {
    /// Gathers the settings for `url`, or for the environment alone.
    pub(crate) fn gather(url: Option<&str>, lookup: Lookup) -> Result<Self, Error> {
        let mut settings = url.map_or_else(|| Ok(Self::default()), from_url)?;
        let service = settings.0.remove("service").or_else(|| lookup("PGSERVICE"));
        if let Some(service) = service {
            settings.fill(from_service(&service, lookup)?);
        }
        let variable = |(variable, name): &(&str, &str)| Some(((*name).to_owned(), lookup(variable)?));
        settings.fill(VARIABLES.iter().filter_map(variable).filter(|(_, value)| !value.is_empty()).collect());
        let user = || lookup("USER").or_else(|| lookup("LOGNAME")).unwrap_or_else(|| "postgres".to_owned());
        let user = settings.0.entry("user".into()).or_insert_with(user).clone();
        settings.0.entry("dbname".into()).or_insert(user);
        settings.0.entry("host".into()).or_insert_with(default_host);
        settings.0.entry("port".into()).or_insert_with(|| "5432".into());
        if !settings.0.contains_key("password")
            && let Some(password) = settings.stored_password(lookup)
        {
            settings.0.insert("password".into(), password);
        }
        if let Some(password) = settings.get("password") {
            // Who takes the user's name for a password has none to hide.
            let is_open = ["user", "dbname", "host"].iter().any(|name| settings.get(name) == Some(password));
            if !is_open {
                crate::secrets::keep(password);
            }
        }
        Ok(settings)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    fn fill(&mut self, others: BTreeMap<String, String>) {
        for (name, value) in others {
            self.0.entry(name).or_insert(value);
        }
    }

    /// The password file's entry for these settings.
    fn stored_password(&self, lookup: Lookup) -> Option<String> {
        let path = match self.get("passfile") {
            Some(path) => PathBuf::from(path),
            None => home(lookup)?.join(".pgpass"),
        };
        let text = std::fs::read_to_string(&path).ok()?;
        if is_open_to_others(&path) {
            // As libpq does: a password file that others may read is not used.
            // Where nobody hears it, that is no failure.
            let _ = writeln!(
                io::stderr(),
                "warning: {} can be read by others and is not used: chmod 0600 it",
                path.display()
            );
            return None;
        }
        // libpq matches a socket as localhost.
        let host = self.get("host").filter(|host| !host.starts_with('/')).unwrap_or("localhost");
        let wanted = [Some(host), self.get("port"), self.get("dbname"), self.get("user")];
        text.lines().filter(|line| !line.starts_with('#')).map(split_passfile).find_map(|fields| {
            let (password, keys) = fields.split_last().filter(|(_, keys)| keys.len() == 4)?;
            let matches =
                |(key, wanted): (&String, &Option<&str>)| key == "*" || Some(key.as_str()) == *wanted;
            keys.iter().zip(&wanted).all(matches).then(|| password.clone())
        })
    }
}

/// Splits a line of the password file at colons that no backslash precedes.
fn split_passfile(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        let last = fields.len() - 1;
        match c {
            // The password is the fifth field; colons in it are its own.
            ':' if fields.len() < 5 => fields.push(String::new()),
            '\\' => fields[last].extend(chars.next()),
            c => fields[last].push(c),
        }
    }
    fields
}

fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0)
}

fn home(lookup: Lookup) -> Option<PathBuf> {
    lookup("HOME").filter(|home| !home.is_empty()).map(PathBuf::from)
}

/// Debian's socket folder, else PostgreSQL's own, else TCP.
fn default_host() -> String {
    let socket = ["/var/run/postgresql", "/tmp"]
        .into_iter()
        .find(|folder| Path::new(folder).join(".s.PGSQL.5432").exists());
    socket.unwrap_or("localhost").to_owned()
}

fn from_url(url: &str) -> Result<Settings, Error> {
    let refuse = |reason: &str| Error::Setting { name: "URL".into(), reason: reason.to_owned() };
    let (_, rest) = url.split_once("://").ok_or_else(|| refuse("it has no ://"))?;
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, dbname) = rest.split_once('/').unwrap_or((rest, ""));
    if dbname.contains('@') {
        return Err(refuse("a slash in the password is written as %2F"));
    }
    let (login, hosts) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    if hosts.contains(',') {
        return Err(refuse("several hosts are not supported, name one"));
    }
    let (host, port) = split_port(hosts).ok_or_else(|| refuse("the port is not a number"))?;
    let mut settings = BTreeMap::new();
    for (name, value) in
        [("user", user), ("password", password), ("host", host), ("port", port), ("dbname", dbname)]
    {
        if !value.is_empty() {
            settings
                .insert(name.to_owned(), decode(value).ok_or_else(|| refuse("it has a broken %-escape"))?);
        }
    }
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        settings.insert(name.into_owned(), value.into_owned());
    }
    Ok(Settings(settings))
}

/// Splits `host:port`, where the host may be an address in brackets.
fn split_port(host: &str) -> Option<(&str, &str)> {
    let (host, port) = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, rest)) => (address, rest.strip_prefix(':').unwrap_or(rest)),
        None => host.rsplit_once(':').unwrap_or((host, "")),
    };
    (port.is_empty() || port.parse::<u16>().is_ok()).then_some((host, port))
}

/// Decodes `%41`; unlike in a query, `+` is a plus.
pub(crate) fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let hex = std::str::from_utf8(tail.get(..2)?).ok()?;
        bytes.push(u8::from_str_radix(hex, 16).ok()?);
        rest = &tail[2..];
    }
    String::from_utf8(bytes).ok()
}

fn from_service(service: &str, lookup: Lookup) -> Result<BTreeMap<String, String>, Error> {
    let own = lookup("PGSERVICEFILE")
        .map(PathBuf::from)
        .or_else(|| home(lookup).map(|home| home.join(".pg_service.conf")));
    let shared = lookup("PGSYSCONFDIR").unwrap_or_else(|| "/etc/postgresql-common".to_owned());
    let files = [own, Some(Path::new(&shared).join("pg_service.conf"))];
    let texts = files.iter().flatten().filter_map(|path| std::fs::read_to_string(path).ok());
    texts.filter_map(|text| section(&text, service)).next().ok_or_else(|| Error::Setting {
        name: "service".into(),
        reason: format!("no [{service}] in ~/.pg_service.conf, PGSERVICEFILE or {shared}/pg_service.conf"),
    })
}

/// The settings under `[name]` of a service file.
fn section(text: &str, name: &str) -> Option<BTreeMap<String, String>> {
    let header = format!("[{name}]");
    let mut lines = text.lines().map(str::trim).skip_while(|line| *line != header);
    lines.next()?;
    let own = lines.take_while(|line| !line.starts_with('['));
    let pairs = own.filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('='));
    Some(pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gather(url: Option<&str>, variables: &[(&str, &str)]) -> Settings {
        let lookup = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Settings::gather(url, &lookup).unwrap()
    }

    #[track_caller]
    fn check(settings: &Settings, expected: &str) {
        let written: Vec<String> = settings.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(written.join(" "), expected);
    }

    #[test]
    fn reads_urls() {
        check(
            &gather(Some("postgresql+psycopg2://me:p%40+ss@db.example:6543/shop?sslmode=require"), &[]),
            "dbname=shop host=db.example password=p@+ss port=6543 sslmode=require user=me",
        );
        check(&gather(Some("postgres://[::1]/x"), &[("USER", "me")]), "dbname=x host=::1 port=5432 user=me");
        check(
            &gather(Some("postgres://me@/x?host=/run/pg&port=7"), &[]),
            "dbname=x host=/run/pg port=7 user=me",
        );
        let refused = Settings::gather(Some("postgres://u:12/secret@h/x"), &|_| None).unwrap_err();
        assert!(!refused.to_string().contains("secret"), "{refused}");
        let refused = Settings::gather(Some("postgres://h:port/x"), &|_| None).unwrap_err();
        assert_eq!(refused.to_string(), "connection setting URL: the port is not a number");
    }

    #[test]
    fn the_url_wins_over_the_environment() {
        let variables = [("PGHOST", "env"), ("PGUSER", "eve"), ("PGPASSWORD", "pw"), ("PGDATABASE", "other")];
        check(
            &gather(Some("postgres://me@host/db"), &variables),
            "dbname=db host=host password=pw port=5432 user=me",
        );
        check(&gather(None, &variables), "dbname=other host=env password=pw port=5432 user=eve");
    }

    #[test]
    fn reads_service_and_password_files() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (service, pass) = (folder.path().join("service"), folder.path().join("pass"));
        std::fs::write(&service, "# c\n[a]\nhost=no\n[prod]\nhost = db\nport=1\nuser=u\n[b]\nhost=no\n")
            .unwrap();
        std::fs::write(&pass, "other:*:*:*:no\n# c\ndb:1:*:u:s\\:e\\\\cret\n").unwrap();
        std::fs::set_permissions(&pass, std::fs::Permissions::from_mode(0o600)).unwrap();
        let (service, pass) = (service.to_str().unwrap(), pass.to_str().unwrap());
        let variables = [("PGSERVICEFILE", service), ("PGSERVICE", "prod"), ("PGPASSFILE", pass)];
        let settings = gather(None, &variables);
        assert_eq!(settings.get("password"), Some("s:e\\cret"));
        assert_eq!(settings.get("host"), Some("db"));
        std::fs::set_permissions(pass, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(gather(None, &variables).get("password"), None);
        let missing =
            Settings::gather(None, &|name| (name == "PGSERVICE").then(|| "gone".into())).unwrap_err();
        assert!(missing.to_string().starts_with("connection setting service: no [gone] in"), "{missing}");
    }

    #[test]
    fn splits_the_password_file_at_bare_colons() {
        assert_eq!(split_passfile("h:1:d:u:p:w"), ["h", "1", "d", "u", "p:w"]);
        assert_eq!(split_passfile(r"h\:x:1::u:p\\"), ["h:x", "1", "", "u", "p\\"]);
    }
}
