//! Why something could not be read from a store, or written to it.

use std::io;
use std::path::PathBuf;

/// Why something could not be read from a store, or written to it. No text here holds a key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An address means nothing.
    #[error("cannot use {text:?}: {reason}")]
    Address {
        /// The address, without what may be a secret.
        text: String,
        /// Why, and what it should be.
        reason: String,
    },
    /// A folder of this machine cannot be used.
    #[error("cannot use the folder {}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// What stands there is more than the memory should hold.
    #[error("cannot read {what}: it is larger than 400 MiB")]
    TooLarge {
        /// The address.
        what: String,
    },
    /// The store cannot be reached, or refuses.
    #[error("cannot {doing} {what}: {}", reason(cause))]
    Store {
        /// `read` or `write`.
        doing: &'static str,
        /// The address.
        what: String,
        /// What the store said; its innermost cause is told above, and the rest would repeat it.
        cause: object_store::Error,
    },
}

/// The innermost cause in a line, and what to do about it where that is known.
pub(crate) fn reason(error: &object_store::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    let mut chain = cause.to_string();
    while let Some(source) = cause.source() {
        cause = source;
        chain.push_str(&cause.to_string());
    }
    let line = cause
        .to_string()
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    let hint = match error {
        object_store::Error::Unauthenticated { .. } | object_store::Error::PermissionDenied { .. } => {
            "; are the keys in the environment those of this store?"
        }
        // Without keys it looks for a role of the machine's.
        _ if ["169.254.", "metadata.google", "Account must be specified"]
            .iter()
            .any(|it| chain.contains(it)) =>
        {
            "; no keys were found in the environment: AWS_ACCESS_KEY_ID, GOOGLE_APPLICATION_CREDENTIALS or \
             AZURE_STORAGE_ACCOUNT_NAME and those beside it"
        }
        _ if ["URL scheme is not allowed", "Missing AccessKeyId", "Missing SecretAccessKey"]
            .iter()
            .any(|it| line.contains(it)) =>
        {
            "; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and for a server without TLS AWS_ALLOW_HTTP=true"
        }
        _ => "",
    };
    format!("{line}{hint}")
}
