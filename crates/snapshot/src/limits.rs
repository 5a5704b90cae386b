//! How much of a file is read: what is larger is refused before it fills the memory, whatever it turns out to be.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// A snapshot, packed or not, and once it is unpacked: as much as the page can hold.
pub const SNAPSHOT: u64 = 400 << 20;

/// Settings, and files that people write by hand.
pub const SETTINGS: u64 = 1 << 20;

/// A file of SQL, which holds no rows, or of accepted differences.
pub const TEXT: u64 = 64 << 20;

/// Everything that a reader gives, up to so many bytes.
///
/// # Errors
/// Where there is more, or it cannot be read.
pub fn bytes(reader: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut read = Vec::new();
    reader.take(most + 1).read_to_end(&mut read)?;
    if read.len() as u64 > most { Err(too_large(most)) } else { Ok(read) }
}

/// What is in a file, or comes through a pipe, up to so many bytes.
///
/// # Errors
/// As [`bytes`].
pub fn file(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    // Not read in vain; of a pipe or a device the length is not known.
    if file.metadata()?.len() > most {
        return Err(too_large(most));
    }
    bytes(file, most)
}

/// The same as text.
///
/// # Errors
/// As [`bytes`], and where it is not UTF-8.
pub fn text(path: &Path, most: u64) -> io::Result<String> {
    String::from_utf8(file(path, most)?)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"))
}

fn too_large(most: u64) -> io::Error {
    io::Error::other(format!("it is larger than {} MiB", most >> 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_is_refused() {
        assert_eq!(bytes(&b"abc"[..], 3).unwrap(), b"abc");
        assert!(bytes(&b"abcd"[..], 3).is_err());
        assert_eq!(bytes(io::repeat(0), SETTINGS).unwrap_err().to_string(), "it is larger than 1 MiB");
        assert_eq!(
            file(Path::new("/dev/zero"), SETTINGS).unwrap_err().to_string(),
            "it is larger than 1 MiB"
        );
    }
}
