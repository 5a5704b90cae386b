//! Messages as bytes. Both ends are built of the same sources, so nothing is damaged on the way: there is no error,
//! and none of the code that would handle it, which with JSON was a tenth of the module.
//!
//! Numbers have seven bits in a byte, texts and lists their length in front; a field is 1 and its value, or 0
//! where it is left out. Nothing is named.

mod reader;
mod writer;

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Serialize, de, ser};

use reader::Reader;
use writer::Writer;

/// The message as bytes.
pub(crate) fn write(message: &impl Serialize) -> Vec<u8> {
    let mut writer = Writer(Vec::new());
    let Ok(()) = message.serialize(&mut writer);
    writer.0
}

/// The message that [`write`] made bytes of.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> T {
    let Ok(message) = T::deserialize(&mut Reader(bytes));
    message
}

/// The error that there is not.
#[derive(Debug)]
enum Never {}

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Never {}

impl ser::Error for Never {
    fn custom<T: fmt::Display>(_: T) -> Self {
        unreachable!("both ends know every type")
    }
}

impl de::Error for Never {
    fn custom<T: fmt::Display>(_: T) -> Self {
        unreachable!("both ends know every type")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Of {
        One(i32),
        Two {
            a: Option<Vec<bool>>,
            #[serde(default, skip_serializing_if = "String::is_empty")]
            b: String,
            c: BTreeMap<String, f64>,
        },
        Three(u64, char),
        None,
    }

    #[test]
    fn reads_what_it_writes() {
        let map = || BTreeMap::from([("ü".to_owned(), -0.5), (String::new(), f64::MAX)]);
        let all: Vec<Result<Of, String>> = vec![
            Ok(Of::One(-1)),
            Ok(Of::Two { a: Some(vec![true, false]), b: "x".repeat(300), c: map() }),
            Ok(Of::Two { a: None, b: String::new(), c: BTreeMap::new() }),
            Ok(Of::Three(u64::MAX, '🍦')),
            Ok(Of::None),
            Err("why".to_owned()),
        ];
        assert_eq!(read::<Vec<Result<Of, String>>>(&write(&all)), all);
    }
}
