//! The catalog reader: one query a kind, all with the same columns, one loop.
//!
//! Everything is read in one read-only, repeatable-read transaction with an empty `search_path`, so that
//! names come out qualified and one moment is seen; `moment.rs` sees to it that nobody changes it meanwhile. User
//! tables are not read, except migration ledgers.
//! A line of a query that holds for some servers only ends in a marker, such as `-- 15+`.

mod canonical;
mod defaults;
mod depends;
mod grants;
mod hidden;
mod ledgers;
mod moment;
mod not_null;
mod patience;
mod printed;
mod queries;
mod rows;
mod secrets;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;

use diff_core::{Body, Coverage, Kind, Object, ObjectId, Size, Snapshot, Source};
use futures_util::TryStreamExt as _;
use futures_util::future::{try_join_all, try_join3};
use tokio::time::Instant;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{Oid, ToSql, Type};
use tokio_postgres::{Client, Row};

use crate::connect::Target;
use crate::error::{Error, may_pass, reason};

/// The queries for what is joined to the objects.
const OTHERS: [(&str, &str); 8] = [
    ("defaults", include_str!("catalog/constants.sql")),
    ("NOT NULL", include_str!("catalog/not_null.sql")),
    ("sizes", include_str!("catalog/sizes.sql")),
    ("comments", include_str!("catalog/comments.sql")),
    ("security labels", include_str!("catalog/labels.sql")),
    ("extensions' members", include_str!("catalog/members.sql")),
    ("other kinds", include_str!("catalog/not_modelled.sql")),
    ("hidden user mappings", include_str!("catalog/hidden.sql")),
];

/// The queries for what leads from one place to another: what is needed, and what stands for what.
const LINKS: [(&str, &str); 2] =
    [("dependencies", include_str!("catalog/depends.sql")), ("aliases", include_str!("catalog/aliases.sql"))];

/// What makes the server print the same text whatever its own settings are. Nothing waits for long: a
/// snapshot that cannot be had quietly is not worth a blocked deployment.
const SETTINGS: &str = "
    SET LOCAL search_path = '';
    SET LOCAL lock_timeout = '5s';
    SET LOCAL datestyle = 'ISO, YMD';
    SET LOCAL intervalstyle = 'postgres';
    SET LOCAL timezone = 'UTC';
    SET LOCAL bytea_output = 'hex';
    SET LOCAL extra_float_digits = 1;
    SET LOCAL quote_all_identifiers = off;
    SET LOCAL jit = off;
";

const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;";

/// Queries that print statements, for which the server locks all that those name until the transaction ends.
const LOCKING: [&str; 4] = ["views", "routines", "rules", "policies"];

/// Around those: nothing stays locked, and whoever wants such a lock meanwhile is let through before the server looks for
/// a deadlock (`deadlock_timeout`, a second), where it could be they who are cancelled.
const GIVE_WAY: &str = "SAVEPOINT quick; SET LOCAL lock_timeout = '500ms'";
const GIVE_BACK: &str = "ROLLBACK TO quick";

const OLDEST_SERVER: u32 = 13;

/// An object's place in the catalogs: class, object, part (a column's number).
type Address = (Oid, Oid, i32);

/// The objects by their places. They are large, and what is sorted is moved about.
type Found = BTreeMap<Address, Box<(ObjectId, Object)>>;

/// Reads a live database.
pub(crate) async fn read_database(target: &Target) -> Result<Snapshot, Error> {
    let (client, companions) = (target.connect().await?, target.companions().await);
    let reader = Reader { companions: &companions, ..Reader::new(&client, target) };
    let read = async {
        let (server, major) = reader.server_version().await?;
        reader.read_one_moment(&server, major).await
    };
    let mut snapshot = reader.patiently(read).await?;
    snapshot.source.kind = "database".to_owned();
    snapshot.source.label = target.label().to_owned();
    Ok(snapshot)
}

/// Reads the catalog of a shadow database; the source's kind and label are the caller's to set. Its tables are all
/// empty, which says nothing of those that they stand for.
pub(crate) async fn read(client: &Client, target: &Target) -> Result<Snapshot, Error> {
    let reader = Reader::new(client, target);
    let (server, major) = reader.server_version().await?;
    reader.begin().await?;
    let mut snapshot = reader.read(server, major).await?;
    reader.execute("commit", "COMMIT").await?;
    snapshot.sizes.clear();
    Ok(snapshot)
}

/// What a server of this major is asked.
pub(crate) fn queries(major: u32) -> Vec<String> {
    queries::OBJECTS
        .iter()
        .chain(&LINKS)
        .chain(&OTHERS)
        .map(|(_, sql)| queries::for_major(sql, major))
        .collect()
}

struct Reader<'a> {
    client: &'a Client,
    /// Other connections that see the same, and are asked side by side with it.
    companions: &'a [Client],
    target: &'a Target,
    /// The queries that the server has refused this role.
    refused: RefCell<BTreeSet<&'static str>>,
    /// When the server last answered.
    heard: Cell<Instant>,
}

impl<'a> Reader<'a> {
    fn new(client: &'a Client, target: &'a Target) -> Self {
        Self {
            client,
            companions: &[],
            target,
            refused: RefCell::default(),
            heard: Cell::new(Instant::now()),
        }
    }
}

impl Reader<'_> {
    async fn begin(&self) -> Result<(), Error> {
        let timeout = self.target.timeout().map_or(0, |timeout| timeout.as_secs());
        let settings = format!("{SETTINGS} SET LOCAL statement_timeout = '{timeout}s';");
        self.execute("begin", &format!("{BEGIN} {settings}")).await?;
        if self.companions.is_empty() {
            return Ok(());
        }
        let rows = self.query("begin", "SELECT pg_catalog.pg_export_snapshot() AS name").await?;
        let name: &str = rows.first().map_or("", |row| row.get("name"));
        // What an attempt before this one has left open is ended.
        let sql = format!("ROLLBACK; {BEGIN} SET TRANSACTION SNAPSHOT '{name}'; {settings}");
        let begin = self.companions.iter().map(|client| client.batch_execute(&sql));
        try_join_all(begin).await.map(drop).map_err(|error| self.failed("begin", &error))
    }

    async fn read(&self, server: String, major: u32) -> Result<Snapshot, Error> {
        let object = |row: Row| Ok((rows::address(&row), Box::new(rows::object(&row, major)?)));
        let (objects, links, others) = try_join3(
            self.ask_all(queries::OBJECTS, major, object),
            self.ask_all(&LINKS, major, |row| Ok(depends::link(&row))),
            self.ask_all(&OTHERS, major, Ok),
        )
        .await?;
        let [depends, aliases] = <[_; LINKS.len()]>::try_from(links).expect("each query has an answer");
        let [constants, not_null, sizes, comments, labels, members, not_modelled, hidden] =
            <[_; OTHERS.len()]>::try_from(others).expect("each query has an answer");
        let mut found: Found = objects.into_iter().flatten().collect();
        number_columns(&mut found);
        not_null::record(&mut found, &not_null);
        leave_out_members(&mut found, &members);
        for row in comments {
            if let Some(found) = found.get_mut(&rows::address(&row)) {
                found.1.comment = row.get("text");
            }
        }
        for row in labels {
            if let Some(found) = found.get_mut(&rows::address(&row)) {
                found.1.security_labels.insert(row.get("provider"), row.get("text"));
            }
        }
        let count = |row: &Row| (row.get("kind"), row.get::<_, i64>("count").unsigned_abs());
        let mut coverage = Coverage {
            not_modelled: not_modelled.iter().map(count).collect(),
            unknown_attributes: unknown_attributes(major),
            ..Coverage::default()
        };
        self.settle_defaults(&mut found, &constants).await?;
        hidden::record(&mut coverage, &self.refused.borrow());
        hidden::leave_out_mappings(&mut found, &mut coverage, &hidden);
        depends::record(&mut found, &aliases, &depends);
        let mut objects: Vec<Box<(ObjectId, Object)>> = found.into_values().collect();
        objects.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        let objects: BTreeMap<ObjectId, Object> = objects.into_iter().map(|object| *object).collect();
        let ledgers =
            ledgers::read(self.client, &objects).await.map_err(|error| self.failed("ledgers", &error))?;
        hidden::record_ledgers(&mut coverage, &ledgers);
        let source = Source { server, ledgers, ..Source::default() };
        let mut snapshot = Snapshot::new(source, coverage, objects);
        snapshot.sizes = sizes.iter().filter_map(size).collect();
        Ok(snapshot)
    }

    /// The server's version as people write it, without what a distribution appends; and its major.
    async fn server_version(&self) -> Result<(String, u32), Error> {
        let sql = "SELECT current_setting('server_version') AS text,
                          current_setting('server_version_num')::int AS number";
        let rows = self.query("version", sql).await?;
        let row = rows.first().ok_or_else(|| self.broken("version", "no answer".to_owned()))?;
        let text: String = row.get("text");
        let found = text.split(' ').next().unwrap_or_default().to_owned();
        let major = row.get::<_, i32>("number").unsigned_abs() / 10_000;
        if major < OLDEST_SERVER {
            return Err(Error::OldServer { target: self.target.label().to_owned(), found });
        }
        Ok((found, major))
    }

    /// Asks all of a list without waiting for each answer, one after the other on the wire.
    async fn ask_all<T>(
        &self,
        queries: &[(&'static str, &str)],
        major: u32,
        read: impl Fn(Row) -> Result<T, String>,
    ) -> Result<Vec<Vec<T>>, Error> {
        let asked = queries.iter().enumerate().map(|(at, (step, sql))| self.ask(at, step, sql, major, &read));
        try_join_all(asked).await
    }

    /// What `read` makes of the rows of a query as it is for this server, while more of them come; nothing where the
    /// role may not ask it. `at` is its place in its list: the lists begin with what takes longest, and go round the
    /// connections there and back.
    async fn ask<T>(
        &self,
        at: usize,
        step: &'static str,
        sql: &str,
        major: u32,
        read: &impl Fn(Row) -> Result<T, String>,
    ) -> Result<Vec<T>, Error> {
        if self.refused.borrow().contains(step) {
            return Ok(Vec::new());
        }
        let connections = self.companions.len() + 1;
        let (round, at) = (at / connections, at % connections);
        let at = if round % 2 == 0 { at } else { connections - 1 - at };
        let client = at.checked_sub(1).and_then(|at| self.companions.get(at)).unwrap_or(self.client);
        let failed = |error: tokio_postgres::Error| self.failed(step, &error);
        let sql = queries::for_major(sql, major);
        let answer = async {
            let no_parameters: [(&(dyn ToSql + Sync), Type); 0] = [];
            let mut rows = pin!(client.query_typed_raw(&sql, no_parameters).await.map_err(failed)?);
            let mut answer = Vec::new();
            while let Some(row) = rows.try_next().await.map_err(failed)? {
                self.hear();
                answer.push(read(row).map_err(|reason| self.broken(step, reason))?);
            }
            Ok(answer)
        };
        if !LOCKING.contains(&step) {
            return answer.await;
        }
        let execute = async |sql| client.batch_execute(sql).await.map_err(failed);
        let (_, answer, _) = try_join3(execute(GIVE_WAY), answer, execute(GIVE_BACK)).await?;
        Ok(answer)
    }

    async fn query(&self, step: &'static str, sql: &str) -> Result<Vec<Row>, Error> {
        let answer = self.client.query_typed(sql, &[]).await;
        self.hear();
        answer.map_err(|error| self.failed(step, &error))
    }

    async fn execute(&self, step: &'static str, sql: &str) -> Result<(), Error> {
        let answer = self.client.batch_execute(sql).await;
        self.hear();
        answer.map_err(|error| self.failed(step, &error))
    }

    fn failed(&self, step: &'static str, error: &tokio_postgres::Error) -> Error {
        let target = self.target.label().to_owned();
        match error.code() {
            Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
                return Error::Refused { target, step, reason: reason(error) };
            }
            Some(&SqlState::LOCK_NOT_AVAILABLE | &SqlState::T_R_DEADLOCK_DETECTED) => {
                return Error::Locked { target, step, reason: reason(error) };
            }
            _ => {}
        }
        Error::Catalog { target, step, reason: reason(error), may_pass: may_pass(error) }
    }

    fn broken(&self, step: &'static str, reason: String) -> Error {
        Error::Catalog { target: self.target.label().to_owned(), step, reason, may_pass: false }
    }
}

/// What the server cannot say although the DDL says it: up to 17 NOT NULL forgets its name.
fn unknown_attributes(major: u32) -> BTreeSet<String> {
    if major < 18 { [String::from("not_null")].into() } else { BTreeSet::new() }
}

/// Takes out what belongs to an extension, and what the relations and domains among that contain.
fn leave_out_members(found: &mut Found, members: &[Row]) {
    let members: BTreeSet<(Oid, Oid)> =
        members.iter().map(|row| (row.get("class"), row.get("object"))).collect();
    let is_member = |(class, object, _): &Address| members.contains(&(*class, *object));
    let containers: BTreeSet<Vec<String>> = found
        .iter()
        .map(|(address, found)| (address, &found.0))
        .filter(|(address, id)| is_member(address) && (id.kind().is_relation() || id.kind() == Kind::Domain))
        .map(|(_, id)| id.path().to_vec())
        .collect();
    found.retain(|address, found| {
        let id = &found.0;
        let is_inside =
            id.path().len() == 3 && !id.kind().is_outside_schemas() && containers.contains(id.parent());
        !is_member(address) && !is_inside
    });
}

/// Columns count from 1 without gaps, where the server leaves one for what was dropped.
fn number_columns(found: &mut Found) {
    let (mut table, mut position) = (Oid::default(), 0);
    for ((_, object, _), found) in found {
        if let Body::Column(column) = &mut found.1.body {
            position = if *object == table { position + 1 } else { 1 };
            (table, column.position) = (*object, position);
        }
    }
}

fn size(row: &Row) -> Option<(ObjectId, Size)> {
    let kind: Kind = row.get::<_, &str>("kind").parse().ok()?;
    let (rows, bytes): (i64, i64) = (row.get("rows"), row.get("bytes"));
    let path: Vec<String> = row.get("path");
    Some((ObjectId::new(kind, path), Size { rows: rows.unsigned_abs(), bytes: bytes.unsigned_abs() }))
}
