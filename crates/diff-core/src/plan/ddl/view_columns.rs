//! Columns of views and materialized views that carry something of their own.

use super::casts::own_storage;
use super::columns::{alter_column, change_parameters, set_default};
use super::{Writer, access};
use crate::plan::work::container;
use crate::{Body, Object, ViewColumn};

/// What a view's column carries beside comment and grants.
pub(super) fn dress(writer: &mut Writer<'_, '_>, column: &ViewColumn) {
    alter(writer, &ViewColumn::default(), column);
}

/// Changes what a view's column carries.
pub(super) fn alter(writer: &mut Writer<'_, '_>, old: &ViewColumn, new: &ViewColumn) {
    let alter = alter_column(writer.work, writer.id);
    if old.default != new.default {
        writer.alter("default", set_default(&alter, new.default.as_deref()));
    }
    if old.storage != new.storage {
        let own = || own_storage(&data_type(writer)).to_owned();
        let storage = new.storage.as_ref().map_or_else(own, |storage| storage.to_ascii_uppercase());
        writer.alter("storage", format!("{alter} SET STORAGE {storage}"));
    }
    if old.compression != new.compression {
        let method = new.compression.as_deref().unwrap_or("default");
        writer.alter("compression", format!("{alter} SET COMPRESSION {method}"));
    }
    if old.statistics != new.statistics {
        writer.alter("statistics", format!("{alter} SET STATISTICS {}", new.statistics.unwrap_or(-1)));
    }
    change_parameters(writer, "options", &alter, &old.options, &new.options);
}

/// The type of a view's column, which the view knows.
fn data_type(writer: &Writer<'_, '_>) -> String {
    let view = container(writer.work.new, writer.id).map(|view| &writer.work.new.objects[view].body);
    let columns = match view {
        Some(Body::View(view) | Body::MaterializedView(view)) => &view.columns[..],
        _ => &[],
    };
    let own = columns.iter().find(|column| column.name == writer.id.name());
    own.map_or_else(String::new, |column| column.data_type.clone())
}

/// Takes from a view's column what it carried.
pub(super) fn undress(writer: &mut Writer<'_, '_>, object: &Object) {
    if let Body::ViewColumn(column) = &object.body {
        alter(writer, column, &ViewColumn::default());
        let bare = Object::new(object.body.clone());
        let carries = |name: &str| match name {
            "comment" => object.comment.is_some(),
            "grants" => !object.grants.is_empty(),
            name => name == "security_labels",
        };
        access::change(writer, object, &bare, &carries);
    }
}
