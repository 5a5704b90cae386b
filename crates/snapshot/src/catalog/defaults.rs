//! Writes constant defaults as what they come to, so that spellings of one value are one text.

use std::collections::BTreeMap;

use diff_core::{Body, Object};
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
        let mut constants: Vec<Constant> = rows.iter().map(Constant::new).collect();
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
        for row in rows {
            let (default, printed) = match found.get_mut(&address(row)) {
                Some((_, Object { body: Body::Column(column), printed, .. })) => {
                    (&mut column.default, printed)
                }
                Some((_, Object { body: Body::ViewColumn(column), printed, .. })) => {
                    (&mut column.default, printed)
                }
                _ => continue,
            };
            if let Some(value) = values.get(&Constant::new(row))
                && let Some(text) = default.as_ref().filter(|text| Some(*text) != value.as_ref())
            {
                printed.entry("default".to_owned()).or_insert_with(|| text.clone());
                default.clone_from(value);
            }
        }
        Ok(())
    }

    /// Asks the server what constants come to; `None` where one of them is an error.
    async fn ask(&self, constants: &[Constant]) -> Result<Option<Vec<Option<String>>>, Error> {
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
