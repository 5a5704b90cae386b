//! The command `driftglass`: snapshots, differences, the daily check, the page.
//!
//! Exit status: 0 the two sides agree, 1 they differ, 2 it could not be told.

mod causes;
mod cli;
mod commands;
mod config;
mod fleet;
mod forms;
mod gates;
mod manual;
mod migrations;
mod names;
mod output;
mod page;
mod place;
mod publish;
mod revision;
mod snapshots;

use std::process::ExitCode;

use clap::Parser;

const DIFFERS: u8 = 1;
const FAILED: u8 = 2;

fn main() -> ExitCode {
    // Not `vars`, which ends the program over a value that is no text.
    for (name, value) in std::env::vars_os() {
        snapshot::secrets::keep_setting(&name.to_string_lossy(), &value.to_string_lossy());
    }
    let cli = cli::Cli::try_parse().unwrap_or_else(|error| refuse(&error));
    let outcome = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| {
            let outcome = runtime.block_on(commands::run(&cli));
            // The page's server waits for requests for ever.
            runtime.shutdown_background();
            outcome
        });
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(DIFFERS),
        Err(error) => {
            output::tell(&format!("error: {error:#}"));
            ExitCode::from(FAILED)
        }
    }
}

/// Says what is wrong with what was typed, as clap does: a URL where none is expected is repeated without its password.
fn refuse(error: &clap::Error) -> ! {
    let text = error.render().to_string();
    let masked = snapshot::secrets::mask(&text);
    if masked == text {
        error.exit();
    }
    output::tell(masked.trim_end());
    std::process::exit(error.exit_code());
}
