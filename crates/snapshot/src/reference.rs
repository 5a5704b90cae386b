//! References: the one way in which commands are told where a schema is.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::Error;

/// Where a schema is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// A live database: its URL, or `None` for what libpq's environment names.
    Database(Option<String>),
    /// SQLAlchemy models: `package.module`, `package.module:Base` or a file, one or several.
    Models(Vec<String>),
    /// Alembic's migrations: `alembic.ini`, or the folder that holds `env.py`.
    Alembic(String),
    /// A file of DDL, or a folder of such files in name order.
    Sql(PathBuf),
    /// A snapshot file; packed with gzip or not.
    File(PathBuf),
    /// A snapshot in a bucket or on a web server, by its address; packed with gzip or not.
    Stored(String),
    /// A snapshot on standard input.
    Stdin,
    /// A database as PostgreSQL makes it, of the same version as the other side.
    Empty,
}

impl FromStr for Reference {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let refuse = |reason: &str| Error::Reference { text: mask(text), reason: reason.to_owned() };
        let (scheme, rest) = text.split_once(':').unwrap_or(("", text));
        match scheme {
            _ if text == "-" => Ok(Self::Stdin),
            _ if text.is_empty() => Err(refuse("it is empty")),
            "empty" if rest.is_empty() => Ok(Self::Empty),
            "db" if rest.is_empty() => Ok(Self::Database(None)),
            "db" => Err(refuse("driftglass.toml names no such database under [databases]")),
            "models" if rest.is_empty() => Err(refuse("name a module, such as models:shop.models")),
            "models" => Ok(Self::Models(rest.split(',').map(str::to_owned).collect())),
            "alembic" if rest.is_empty() => Err(refuse("name alembic.ini, such as alembic:alembic.ini")),
            "alembic" => Ok(Self::Alembic(rest.to_owned())),
            "sql" if rest.is_empty() => Err(refuse("name a file or folder, such as sql:schema.sql")),
            "sql" => Ok(Self::Sql(rest.into())),
            _ if is_postgres(scheme) => Ok(Self::Database(Some(text.to_owned()))),
            _ if store::is_address(text) => Ok(Self::Stored(text.to_owned())),
            _ if rest.starts_with("//") => Err(refuse(
                "only databases (postgres://, postgresql://) and stores (s3://, gs://, az://, https://) can be read",
            )),
            "git" => Err(refuse("this kind of source cannot be read yet")),
            _ if mask(text) != text => Err(refuse("a database is written as postgres://user@host/database")),
            _ => Ok(Self::File(text.into())),
        }
    }
}

/// Whether a URL's scheme means PostgreSQL, with a driver of SQLAlchemy behind a plus or without.
fn is_postgres(scheme: &str) -> bool {
    matches!(scheme.split('+').next(), Some("postgres" | "postgresql"))
}

/// The text without what may be a password: between `//` and the last `@`, and after `password=`.
fn mask(text: &str) -> String {
    let text = match (text.split_once("//"), text.rfind('@')) {
        (Some((scheme, rest)), Some(at)) if rest.contains('@') => format!("{scheme}//…{}", &text[at..]),
        _ => text.to_owned(),
    };
    match text.split_once("password=") {
        Some((before, after)) => {
            let rest = after.find([' ', '&']).map_or("", |end| &after[end..]);
            format!("{before}password=…{rest}")
        }
        None => text,
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(None) => write!(f, "db:"),
            Self::Database(Some(url)) => write!(f, "{}", mask(url)),
            Self::Models(targets) => write!(f, "models:{}", targets.join(",")),
            Self::Alembic(path) => write!(f, "alembic:{path}"),
            Self::Sql(path) => write!(f, "sql:{}", path.display()),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Stored(address) => write!(f, "{}", mask(address)),
            Self::Stdin => write!(f, "-"),
            Self::Empty => write!(f, "empty:"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &Reference) {
        assert_eq!(&text.parse::<Reference>().unwrap(), expected);
    }

    #[test]
    fn reads_every_kind() {
        check("-", &Reference::Stdin);
        check("db:", &Reference::Database(None));
        let url = "postgresql+asyncpg://u:p@h/d";
        check(url, &Reference::Database(Some(url.into())));
        check("models:shop.models", &Reference::Models(vec!["shop.models".into()]));
        check("models:a:Base,b:db", &Reference::Models(vec!["a:Base".into(), "b:db".into()]));
        check("alembic:alembic.ini", &Reference::Alembic("alembic.ini".into()));
        check("sql:schema", &Reference::Sql("schema".into()));
        check("prod.json", &Reference::File("prod.json".into()));
        check("C:\\prod.json", &Reference::File("C:\\prod.json".into()));
    }

    #[test]
    fn refuses_with_a_reason_and_without_the_password() {
        let refused = |text: &str| text.parse::<Reference>().unwrap_err().to_string();
        assert!(refused("mysql://u:secret@h/d").contains("only databases (postgres://"));
        assert!(!refused("mysql://u:secret@h/d").contains("secret"));
        for text in
            ["host=h password=secret dbname=d", "postgresql//u:secret@h/d", "mysql://h/d?password=secret"]
        {
            assert!(!refused(text).contains("secret"), "{text}");
        }
        assert!(refused("models:").contains("name a module"));
        assert!(refused("db:prod").contains("[databases]"));
    }

    #[test]
    fn displays_without_the_password() {
        let reference: Reference = "postgres://u:secret@h/d".parse().unwrap();
        assert_eq!(reference.to_string(), "postgres://…@h/d");
    }
}
