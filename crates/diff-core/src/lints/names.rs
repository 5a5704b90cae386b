//! Names.

use super::{BASE, Lint};
use crate::{Kind, plan};

/// The longest name, in bytes.
const LONGEST: usize = 63;

pub(super) const CUT_NAME: Lint = Lint {
    id: "cut-name",
    effect: "The name is as long as PostgreSQL allows: it may have been cut off without a word, and the models know \
             it by the whole one.",
    remedy: "Choose a shorter name in the model.",
    finds: |seen| (seen.id.name().len() >= LONGEST).then(|| "63 bytes".to_owned()),
    ..BASE
};

pub(super) const QUOTED_NAME: Lint = Lint {
    id: "quoted-name",
    is_taste: true,
    effect: "Capitals, blanks or a reserved word: whoever writes SQL by hand must put it between quotes.",
    remedy: "Lower case and underscores.",
    finds: |seen| {
        let is_named = seen.id.kind().is_relation() || seen.id.kind() == Kind::Column;
        (is_named && plan::sql::ident(seen.id.name()) != seen.id.name()).then(|| "needs quotes".to_owned())
    },
    ..BASE
};
