//! Connections to PostgreSQL.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Client, Config, NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::{connect_reason, may_pass, reason};
use crate::settings::Settings;
use crate::{Error, tls};

const CONNECT_TIMEOUT_SECONDS: u64 = 10;

/// How long a query may take where nothing else is said.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A connection over which nothing comes is tested after so long, so often, each so long after the other.
const KEEPALIVE: (Duration, u32, Duration) = (Duration::from_secs(30), 3, Duration::from_secs(10));

/// A database to connect to.
#[derive(Clone)]
pub struct Target {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    label: String,
    /// How long a query may take; for ever where there is none.
    timeout: Option<Duration>,
    /// How many connections read it side by side.
    connections: u16,
}

impl Target {
    /// Works out how to reach the database of `url`, or the one of libpq's environment.
    ///
    /// # Errors
    /// Says which setting, variable or file is wrong.
    pub fn new(url: Option<&str>) -> Result<Self, Error> {
        Self::from_settings(&Settings::gather(url, &|name| std::env::var(name).ok())?)
    }

    fn from_settings(settings: &Settings) -> Result<Self, Error> {
        let get = |name: &str| settings.get(name).unwrap_or_default();
        let number = |name: &str, value: &str| {
            let reason = format!("{value:?} is not a number");
            value.parse::<u16>().map_err(|_| Error::Setting { name: name.to_owned(), reason })
        };
        let mut config = Config::new();
        config.user(get("user")).dbname(get("dbname")).host(get("host")).port(number("port", get("port"))?);
        config.application_name(settings.get("application_name").unwrap_or("driftglass"));
        if let Some(password) = settings.get("password") {
            config.password(password);
        }
        if let Some(options) = settings.get("options") {
            config.options(options);
        }
        if let Some(address) = settings.get("hostaddr") {
            let reason = format!("{address:?} is not an address");
            config.hostaddr(address.parse().map_err(|_| Error::Setting { name: "hostaddr".into(), reason })?);
        }
        let seconds = match settings.get("connect_timeout") {
            Some(value) => number("connect_timeout", value)?.into(),
            None => CONNECT_TIMEOUT_SECONDS,
        };
        // As libpq: zero is for ever.
        if seconds > 0 {
            config.connect_timeout(Duration::from_secs(seconds));
        }
        let (idle, retries, interval) = KEEPALIVE;
        config.keepalives_idle(idle).keepalives_retries(retries).keepalives_interval(interval);
        let timeout = match settings.get("timeout") {
            Some(value) => Duration::from_secs(number("DRIFTGLASS_TIMEOUT", value)?.into()),
            None => TIMEOUT,
        };
        // libpq ignores sslmode on sockets.
        let tls = if get("host").starts_with('/') { None } else { tls::config(settings)? };
        config.ssl_mode(match (settings.get("sslmode"), &tls) {
            (_, None) => SslMode::Disable,
            (None | Some("allow" | "prefer"), _) => SslMode::Prefer,
            _ => SslMode::Require,
        });
        let host = if get("host").starts_with('/') { "localhost" } else { get("host") };
        let label = format!("{}@{host}/{}", get("user"), get("dbname"));
        let timeout = Some(timeout).filter(|timeout| !timeout.is_zero());
        let connections = number("DRIFTGLASS_CONNECTIONS", settings.get("connections").unwrap_or("1"))?;
        Ok(Self { config, tls: tls.map(MakeRustlsConnect::new), label, timeout, connections })
    }

    /// A server's socket, for a throwaway server.
    pub(crate) fn socket(folder: &std::path::Path, port: u16, dbname: &str) -> Self {
        let mut config = Config::new();
        config.host_path(folder).port(port).user("postgres").dbname(dbname).application_name("driftglass");
        config.connect_timeout(Duration::from_secs(CONNECT_TIMEOUT_SECONDS));
        Self { config, tls: None, label: format!("shadow/{dbname}"), timeout: Some(TIMEOUT), connections: 1 }
    }

    /// The server's databases that people have made, by name.
    ///
    /// # Errors
    /// Where the server cannot be reached, or refuses.
    pub async fn databases(&self) -> Result<Vec<String>, Error> {
        let client = self.connect().await?;
        let sql = "SELECT datname::text FROM pg_catalog.pg_database WHERE datallowconn AND NOT datistemplate
                   ORDER BY datname COLLATE \"C\"";
        let rows = client.query_typed(sql, &[]).await.map_err(|error| Error::Catalog {
            target: self.label.clone(),
            step: "databases",
            reason: reason(&error),
            may_pass: may_pass(&error),
        })?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// Another database of the same server, for the same user.
    pub fn sibling(&self, dbname: &str) -> Self {
        let mut target = self.clone();
        target.config.dbname(dbname);
        let place = self.label.rsplit_once('/').map_or(self.label.as_str(), |(place, _)| place);
        target.label = format!("{place}/{dbname}");
        target
    }

    /// The same server, another database, as a shadow.
    pub(crate) fn database(&self, dbname: &str) -> Self {
        let mut target = self.clone();
        target.config.dbname(dbname);
        target.label = format!("shadow/{dbname}");
        target
    }

    /// Where it is and how to get in, by libpq's names, for who connects by other means; none for what only this
    /// program can reach.
    pub(crate) fn place(&self) -> Option<BTreeMap<&'static str, String>> {
        let host = match self.config.get_hosts().first()? {
            Host::Tcp(host) => host.clone(),
            Host::Unix(folder) => folder.to_string_lossy().into_owned(),
        };
        let port = self.config.get_ports().first().copied().filter(|port| *port != 0)?;
        let mut place = BTreeMap::from([("host", host), ("port", port.to_string())]);
        place.insert("dbname", self.config.get_dbname()?.to_owned());
        place.insert("user", self.config.get_user()?.to_owned());
        if let Some(password) = self.config.get_password() {
            place.insert("password", String::from_utf8_lossy(password).into_owned());
        }
        if self.tls.is_some() {
            let mode = if self.config.get_ssl_mode() == SslMode::Require { "require" } else { "prefer" };
            place.insert("sslmode", mode.to_owned());
        }
        Some(place)
    }

    /// How long a query may take; for ever where there is none.
    pub(crate) fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// `user@host/database`, for people.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Connects so often that there are as many connections as were asked for, where the server has room for them.
    pub(crate) async fn companions(&self) -> Vec<Client> {
        let connect = (1..self.connections).map(|_| self.connect());
        join_all(connect).await.into_iter().flatten().collect()
    }

    /// Connects. The connection ends when the client is dropped.
    pub(crate) async fn connect(&self) -> Result<Client, Error> {
        match &self.tls {
            Some(tls) => self.connect_with(tls.clone()).await,
            None => self.connect_with(NoTls).await,
        }
    }

    /// Connects over a socket that is open already.
    #[cfg(feature = "embedded")]
    pub(crate) async fn connect_over(&self, socket: std::os::unix::net::UnixStream) -> Result<Client, Error> {
        let failed = |reason: String| Error::Connect { target: self.label.clone(), reason, may_pass: false };
        socket.set_nonblocking(true).map_err(|error| failed(error.to_string()))?;
        let socket = tokio::net::UnixStream::from_std(socket).map_err(|error| failed(error.to_string()))?;
        let connected = self.config.connect_raw(socket, NoTls).await;
        let (client, connection) = connected.map_err(|error| failed(connect_reason(&error)))?;
        tokio::spawn(async move { drop(connection.await) });
        Ok(client)
    }

    async fn connect_with<T>(&self, tls: T) -> Result<Client, Error>
    where
        T: MakeTlsConnect<Socket> + 'static,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
        T::Stream: Send + 'static,
    {
        let refuse = |error: tokio_postgres::Error| Error::Connect {
            target: self.label.clone(),
            reason: connect_reason(&error),
            may_pass: may_pass(&error),
        };
        let connect = self.config.connect(tls);
        // The timeout of the configuration is for each address by itself, and not for what is said afterwards.
        let connected = match self.config.get_connect_timeout() {
            Some(each) => tokio::time::timeout(*each * 2, connect).await.map_err(|_| Error::Connect {
                target: self.label.clone(),
                reason: format!("no answer within {} s; is this a PostgreSQL server?", 2 * each.as_secs()),
                may_pass: true,
            })?,
            None => connect.await,
        };
        let (client, connection) = connected.map_err(refuse)?;
        // What fails here fails every query too, and is reported there.
        tokio::spawn(async move { drop(connection.await) });
        Ok(client)
    }
}
