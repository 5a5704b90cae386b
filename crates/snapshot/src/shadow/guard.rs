//! Sees to it that a throwaway server does not outlive this program, however it ends.
//!
//! What is killed with SIGKILL cannot clean up. So a shell waits at the end of a pipe that this program holds open and
//! never writes to. The system closes it when this program is gone; then the shell ends its process group, in which
//! the server runs, and removes the folder.

use std::fs;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// The folder may be filled still by what is just ending: that is waited for, and not for ever.
const SCRIPT: &str = r#"
trap '' INT QUIT TERM HUP
read -r _
kill -s QUIT 0
tries=0
until rm -rf -- "$1" && [ ! -e "$1" ] || [ $tries -ge 100 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
"#;

/// A folder, and a shell that waits for this program to be gone.
pub(super) struct Guard {
    folder: TempDir,
    shell: Child,
}

impl Guard {
    /// Begins to watch over a folder.
    pub(super) fn watch(folder: TempDir) -> io::Result<Self> {
        let mut shell = Command::new("/bin/sh");
        shell.arg("-c").arg(SCRIPT).arg("sh").arg(folder.path()).current_dir("/").process_group(0);
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(Self { shell: shell.spawn()?, folder })
    }

    /// The folder.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The process group that ends with this program.
    pub(super) fn group(&self) -> i32 {
        // The system's own numbers of processes are of that type.
        i32::try_from(self.shell.id()).unwrap_or_default()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // The folder first: where this program is killed meanwhile, the shell goes on. What is gone already is fine.
        let _ = fs::remove_dir_all(self.folder.path());
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}
