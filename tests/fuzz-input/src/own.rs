//! What the command alone reads. It is no library, so its files are compiled here once more.

#![expect(dead_code, reason = "the command uses all of it")]

#[path = "../../../crates/driftglass/src/config.rs"]
mod config;
#[path = "../../../crates/driftglass/src/migrations/python.rs"]
mod python;
#[path = "../../../crates/driftglass/src/migrations/settings.rs"]
mod settings;

use std::path::Path;

/// Reads `driftglass.toml`, and what its databases mean.
pub(super) fn of_project(text: &str) {
    match config::Config::parse(text, Path::new("/project/driftglass.toml"), Path::new("/project/below")) {
        Ok(config) => {
            for name in config.databases.keys() {
                drop(config.resolve(&format!("db:{name}")));
            }
        }
        Err(error) => drop(format!("{error:#}")),
    }
}

/// Reads a revision's file, and the settings of Alembic's.
pub(super) fn of_alembic(text: &str) {
    drop(python::read(text));
    drop(settings::Settings::of_ini(text, Path::new(".")));
    drop(settings::Settings::of_project(text, Path::new(".")));
}
