//! Writes constant defaults as what they come to, so that spellings of one value are one text.

use std::collections::BTreeMap;

use diff_core::{Body, Object, ObjectId};
use tokio_postgres::Row;

use super::canonical::Constant;
use super::rows::address;
use super::{Found, Reader};
use crate::error::Error;

const STEP: &str = "defaults";

const CONSTANTS_AT_ONCE: usize = 200;

impl Reader<'_> {
    /// Settles the defaults that the rows of `constants.sql` tell of.
    pub(super) async fn settle_defaults(&self, found: &mut Found, rows: &[Row]) -> Result<(), Error> {
        let mut constants: Vec<Constant> = rows
            .iter()
            .filter_map(|row| {
                let (default, printed) = default_of(found.get_mut(&address(row)))?;
                Some(Constant::new(row, as_printed(default, printed)?))
            })
            .collect();
        constants.sort();
        constants.dedup();
        let mut values = BTreeMap::new();
        for some in constants.chunks(CONSTANTS_AT_ONCE) {
            match self.evaluate(some).await? {
                Some(answers) => values.extend(some.iter().zip(answers)),
                // One of them cannot be computed, as an INSERT would find out; its text stays as it is.
                None => {
                    for one in some {
                        let answer = self.evaluate(std::slice::from_ref(one)).await?;
                        values
                            .extend(answer.and_then(|mut answers| answers.pop()).map(|answer| (one, answer)));
                    }
                }
            }
        }
        for row in rows {
            let Some((default, printed)) = default_of(found.get_mut(&address(row))) else { continue };
            let constant = as_printed(default, printed).map(|text| Constant::new(row, text));
            if let Some(value) = constant.and_then(|constant| values.get(&constant))
                && let Some(text) = default.as_ref().filter(|text| Some(*text) != value.as_ref())
            {
                printed.entry("default".to_owned()).or_insert_with(|| text.clone());
                default.clone_from(value);
            }
        }
        Ok(())
    }

    /// Asks the server what constants come to; `None` where one of them is an error.
    async fn evaluate(&self, constants: &[Constant]) -> Result<Option<Vec<Option<String>>>, Error> {
        let asked: Vec<String> = constants.iter().map(Constant::question).collect();
        self.execute(STEP, "SAVEPOINT constants").await?;
        let answer = self.client.query_typed(&format!("SELECT ARRAY[{}]", asked.join(", ")), &[]).await;
        match answer {
            Ok(rows) => {
                let texts: Vec<Option<String>> = rows.first().map(|row| row.get(0)).unwrap_or_default();
                Ok(Some(constants.iter().zip(texts).map(|(constant, text)| constant.literal(text)).collect()))
            }
            Err(error) if error.as_db_error().is_some() => {
                self.execute(STEP, "ROLLBACK TO constants").await?;
                Ok(None)
            }
            Err(error) => Err(self.failed(STEP, &error)),
        }
    }
}

/// The default of a column, and what of the object is kept as the server printed it.
fn default_of(
    object: Option<&mut Box<(ObjectId, Object)>>,
) -> Option<(&mut Option<String>, &mut BTreeMap<String, String>)> {
    let Object { body, printed, .. } = &mut object?.1;
    match body {
        Body::Column(column) => Some((&mut column.default, printed)),
        Body::ViewColumn(column) => Some((&mut column.default, printed)),
        _ => None,
    }
}

/// The default as the server printed it, or but for a cast to the column's own type.
fn as_printed<'a>(default: &'a Option<String>, printed: &'a BTreeMap<String, String>) -> Option<&'a str> {
    printed.get("default").or(default.as_ref()).map(String::as_str)
}
