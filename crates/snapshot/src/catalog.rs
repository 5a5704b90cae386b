//! The catalog reader: one query a kind, all with the same columns, one loop.
//!
//! Everything is read in one read-only, repeatable-read transaction with an empty `search_path`, so that
//! names come out qualified and one moment is seen. User tables are not read, except migration ledgers.

mod canonical;
mod grants;
mod ledgers;

use std::collections::BTreeMap;

use diff_core::{Body, Coverage, Kind, Object, ObjectId, Size, Snapshot, Source};
use futures_util::future::try_join_all;
use serde_json::Value;
use tokio_postgres::types::Oid;
use tokio_postgres::{Client, Row};

use crate::connect::Target;
use crate::error::{Error, reason};

/// The queries for objects, in no order that matters.
const QUERIES: [(&str, &str); 12] = [
    ("schemas", include_str!("catalog/schema.sql")),
    ("extensions", include_str!("catalog/extension.sql")),
    ("types", include_str!("catalog/type.sql")),
    ("sequences", include_str!("catalog/sequence.sql")),
    ("tables", include_str!("catalog/table.sql")),
    ("columns", include_str!("catalog/column.sql")),
    ("constraints", include_str!("catalog/constraint.sql")),
    ("indexes", include_str!("catalog/index.sql")),
    ("views", include_str!("catalog/view.sql")),
    ("functions", include_str!("catalog/function.sql")),
    ("triggers", include_str!("catalog/trigger.sql")),
    ("policies", include_str!("catalog/policy.sql")),
];

/// What makes the server print the same text whatever its own settings are. Nothing waits for long: a
/// snapshot that cannot be had quietly is not worth a blocked deployment.
const PRELUDE: &str = "
    BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
    SET LOCAL search_path = '';
    SET LOCAL statement_timeout = '60s';
    SET LOCAL lock_timeout = '5s';
    SET LOCAL datestyle = 'ISO, YMD';
    SET LOCAL intervalstyle = 'postgres';
    SET LOCAL timezone = 'UTC';
    SET LOCAL bytea_output = 'hex';
    SET LOCAL extra_float_digits = 1;
    SET LOCAL quote_all_identifiers = off;
";

const OLDEST_SERVER: u32 = 130_000;

const CONSTANTS_AT_ONCE: usize = 200;

/// An object's place in the catalogs: class, object, part (a column's number).
type Address = (Oid, Oid, i32);

/// Reads a live database.
pub(crate) async fn read_database(target: &Target) -> Result<Snapshot, Error> {
    let client = target.connect().await?;
    let mut snapshot = read(&client, target).await?;
    snapshot.source.kind = "database".to_owned();
    snapshot.source.label = target.label().to_owned();
    Ok(snapshot)
}

/// Reads the catalog of a connection; the source's kind and label are the caller's to set.
pub(crate) async fn read(client: &Client, target: &Target) -> Result<Snapshot, Error> {
    let reader = Reader { client, target };
    let server = reader.server_version().await?;
    client.batch_execute(PRELUDE).await.map_err(|error| reader.failed("begin", &error))?;
    let snapshot = reader.read(server).await?;
    client.batch_execute("COMMIT").await.map_err(|error| reader.failed("commit", &error))?;
    Ok(snapshot)
}

struct Reader<'a> {
    client: &'a Client,
    target: &'a Target,
}

impl Reader<'_> {
    async fn read(&self, server: String) -> Result<Snapshot, Error> {
        // One after the other on the wire, without waiting for each answer.
        let rows = try_join_all(QUERIES.iter().map(|(step, sql)| self.query(step, sql))).await?;
        let mut found: BTreeMap<Address, (ObjectId, Object)> = BTreeMap::new();
        for ((step, _), rows) in QUERIES.iter().zip(rows) {
            for row in rows {
                let (address, id, object) = object(&row).map_err(|reason| self.broken(step, reason))?;
                found.insert(address, (id, object));
            }
        }
        self.settle_defaults(&mut found).await?;
        self.record_dependencies(&mut found).await?;
        let sizes = self.sizes().await?;
        let coverage = Coverage { not_modelled: self.not_modelled().await?, ..Coverage::default() };
        let objects: BTreeMap<ObjectId, Object> = found.into_values().collect();
        let ledgers =
            ledgers::read(self.client, &objects).await.map_err(|error| self.failed("ledgers", &error))?;
        let source = Source { server, ledgers, ..Source::default() };
        let mut snapshot = Snapshot::new(source, coverage, objects);
        snapshot.sizes = sizes;
        Ok(snapshot)
    }

    /// The server's version as people write it, without what a distribution appends.
    async fn server_version(&self) -> Result<String, Error> {
        let sql = "SELECT current_setting('server_version') AS text,
                          current_setting('server_version_num')::int AS number";
        let rows = self.query("version", sql).await?;
        let row = rows.first().ok_or_else(|| self.broken("version", "no answer".to_owned()))?;
        let text: String = row.get("text");
        let found = text.split(' ').next().unwrap_or_default().to_owned();
        let number: i32 = row.get("number");
        if number.unsigned_abs() < OLDEST_SERVER {
            return Err(Error::OldServer { target: self.target.label().to_owned(), found });
        }
        Ok(found)
    }

    async fn query(&self, step: &'static str, sql: &str) -> Result<Vec<Row>, Error> {
        self.client.query_typed(sql, &[]).await.map_err(|error| self.failed(step, &error))
    }

    fn failed(&self, step: &'static str, error: &tokio_postgres::Error) -> Error {
        self.broken(step, reason(error))
    }

    fn broken(&self, step: &'static str, reason: String) -> Error {
        Error::Catalog { target: self.target.label().to_owned(), step, reason }
    }

    /// Writes constant defaults as what they come to, so that spellings of one value are one text.
    async fn settle_defaults(&self, found: &mut BTreeMap<Address, (ObjectId, Object)>) -> Result<(), Error> {
        let rows = self.query("defaults", include_str!("catalog/constants.sql")).await?;
        let mut constants: Vec<canonical::Constant> = rows.iter().map(canonical::Constant::new).collect();
        constants.sort();
        constants.dedup();
        let mut values = BTreeMap::new();
        for some in constants.chunks(CONSTANTS_AT_ONCE) {
            match self.ask(some).await? {
                Some(answers) => values.extend(some.iter().zip(answers)),
                // One of them cannot be computed, as an INSERT would find out; its text stays as it is.
                None => {
                    for one in some {
                        let answer = self.ask(std::slice::from_ref(one)).await?;
                        values
                            .extend(answer.and_then(|mut answers| answers.pop()).map(|answer| (one, answer)));
                    }
                }
            }
        }
        let class = self.query("defaults", "SELECT 'pg_class'::regclass::oid").await?;
        let class: Oid = class.first().map(|row| row.get(0)).unwrap_or_default();
        for row in &rows {
            let address = (class, row.get("object"), row.get("part"));
            if let Some((_, Object { body: Body::Column(column), .. })) = found.get_mut(&address)
                && column.default.is_some()
                && let Some(value) = values.get(&canonical::Constant::new(row))
            {
                column.default.clone_from(value);
            }
        }
        Ok(())
    }

    /// Asks the server what constants come to; `None` where one of them is an error.
    async fn ask(&self, constants: &[canonical::Constant]) -> Result<Option<Vec<Option<String>>>, Error> {
        let asked: Vec<String> = constants.iter().map(canonical::Constant::question).collect();
        self.execute("defaults", "SAVEPOINT constants").await?;
        let answer = self.client.query_typed(&format!("SELECT ARRAY[{}]", asked.join(", ")), &[]).await;
        match answer {
            Ok(rows) => {
                let texts: Vec<Option<String>> = rows.first().map(|row| row.get(0)).unwrap_or_default();
                Ok(Some(constants.iter().zip(texts).map(|(constant, text)| constant.literal(text)).collect()))
            }
            Err(error) if error.as_db_error().is_some() => {
                self.execute("defaults", "ROLLBACK TO constants").await?;
                Ok(None)
            }
            Err(error) => Err(self.failed("defaults", &error)),
        }
    }

    async fn execute(&self, step: &'static str, sql: &str) -> Result<(), Error> {
        self.client.batch_execute(sql).await.map_err(|error| self.failed(step, &error))
    }

    async fn record_dependencies(
        &self,
        found: &mut BTreeMap<Address, (ObjectId, Object)>,
    ) -> Result<(), Error> {
        for row in self.query("dependencies", include_str!("catalog/depends.sql")).await? {
            let dependent = (row.get("class"), row.get("object"), row.get("part"));
            let whole = |(class, object, _): Address| (class, object, 0);
            let needed = (row.get("needed_class"), row.get("needed_object"), row.get("needed_part"));
            let needed = found.get(&needed).or_else(|| found.get(&whole(needed))).map(|(id, _)| id.clone());
            let dependent = if found.contains_key(&dependent) { dependent } else { whole(dependent) };
            if let (Some(needed), Some((id, object))) = (needed, found.get_mut(&dependent)) {
                // What contains the object, and what it contains, need not be said.
                let is_contained =
                    id.path().starts_with(needed.path()) || needed.path().starts_with(id.path());
                if !is_contained {
                    object.depends_on.insert(needed);
                }
            }
        }
        Ok(())
    }

    async fn sizes(&self) -> Result<BTreeMap<ObjectId, Size>, Error> {
        let rows = self.query("sizes", include_str!("catalog/sizes.sql")).await?;
        let size = |row: Row| {
            let kind: Kind = row.get::<_, &str>("kind").parse().ok()?;
            let (rows, bytes): (i64, i64) = (row.get("rows"), row.get("bytes"));
            let path: Vec<String> = row.get("path");
            Some((ObjectId::new(kind, path), Size { rows: rows.unsigned_abs(), bytes: bytes.unsigned_abs() }))
        };
        Ok(rows.into_iter().filter_map(size).collect())
    }

    async fn not_modelled(&self) -> Result<BTreeMap<String, u64>, Error> {
        let rows = self.query("other kinds", include_str!("catalog/not_modelled.sql")).await?;
        Ok(rows.iter().map(|row| (row.get("kind"), row.get::<_, i64>("count").unsigned_abs())).collect())
    }
}

/// Reads one row of any of the [`QUERIES`].
fn object(row: &Row) -> Result<(Address, ObjectId, Object), String> {
    let kind: &str = row.get("kind");
    let path: Vec<String> = row.get("path");
    let owner: Option<String> = row.get("owner");
    let body: Value = serde_json::from_str(row.get("body")).map_err(|error| error.to_string())?;
    let tagged = Value::Object([(kind.to_owned(), tidy(body))].into_iter().collect());
    let body: Body = serde_json::from_value(tagged).map_err(|error| format!("{kind} {path:?}: {error}"))?;
    let id = ObjectId::new(body.kind(), path);
    let items: Option<Vec<String>> = row.get("grants");
    let object = Object {
        comment: row.get("comment"),
        grants: grants::read(items.unwrap_or_default(), owner.as_deref()),
        owner,
        ..Object::new(canonical::settle(body))
    };
    Ok(((row.get("class"), row.get("object"), row.get("part")), id, object))
}

/// Takes out nulls, and turns `["column", "public", "t", "c"]` into the written id.
fn tidy(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(
                kept.map(|(name, value)| {
                    let value = match name.as_str() {
                        "owned_by" | "of" => written_id(&value),
                        "inherits" => {
                            Value::Array(value.as_array().into_iter().flatten().map(written_id).collect())
                        }
                        _ => tidy(value),
                    };
                    (name, value)
                })
                .collect(),
            )
        }
        other => other,
    }
}

fn written_id(parts: &Value) -> Value {
    let texts: Vec<&str> = parts.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let id = texts.split_first().and_then(|(kind, path)| {
        Some(ObjectId::new(kind.parse::<Kind>().ok()?, path.iter().copied()).to_string())
    });
    id.map_or(Value::Null, Value::String)
}
