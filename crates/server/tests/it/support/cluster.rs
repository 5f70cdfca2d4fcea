//! A real PostgreSQL for tests: started when it is first needed, gone when the process that started it is.

use std::{
    fs,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use tokio_postgres::NoTls;

/// Runs the database; the end of the input, which comes with the end of the test however that ends, takes it along with its
/// folder. That the database ended by itself is noted.
const GUARD: &str = r#"exec 3<&0; "$@" 3<&- & server=$!
(cat <&3 > /dev/null; kill -QUIT $server 2> /dev/null) & wait $server; : > "$0/over"; wait; rm -rf "$0""#;
const PATIENCE: Duration = Duration::from_secs(60);

/// A cluster of databases in a folder of its own, reached by a socket there.
pub struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    durable: bool,
    guard: Mutex<Option<Child>>,
    databases: AtomicU32,
}

impl Cluster {
    /// A new one. `durable`: what is committed survives a power cut; tests that only count need not wait for the disk.
    pub fn start(durable: bool) -> Self {
        let programs = programs();
        let folder = tempfile::Builder::new().prefix("scrip-postgres").tempdir().unwrap().keep();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
        if let Some((user, group)) = another_user() {
            std::os::unix::fs::chown(&folder, Some(user), Some(group)).unwrap();
        }
        let mut init = command(&programs.join("initdb"), &folder);
        let output = init
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-D"])
            .arg(folder.join("data"))
            .output()
            .unwrap();
        assert!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr));
        let guard = Mutex::new(None);
        let cluster = Self { folder, programs, durable, guard, databases: AtomicU32::new(0) };
        cluster.restart();
        cluster
    }

    /// Starts it, for the first time or after its death.
    pub fn restart(&self) {
        self.abandon();
        drop(fs::remove_file(self.folder.join("over")));
        let mut guard = command(Path::new("sh"), &self.folder);
        let log = fs::OpenOptions::new().append(true).create(true).open(self.folder.join("log")).unwrap();
        let fsync = if self.durable { "fsync=on" } else { "fsync=off" };
        guard
            .args(["-c", GUARD])
            .arg(&self.folder)
            .arg(self.programs.join("postgres"))
            .arg("-D")
            .arg(self.folder.join("data"));
        guard.arg("-k").arg(&self.folder).args(["-c", "listen_addresses=", "-c", fsync, "-c", "max_connections=400"]);
        guard.args(["-c", "full_page_writes=off", "-c", "shared_buffers=64MB"]);
        let child = guard.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        *self.guard.lock().unwrap() = Some(child);
    }

    /// `kill -9`, for every process of the database.
    pub fn kill(&self) {
        let file = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap();
        let process = file.lines().next().unwrap();
        let killed = Command::new("kill").args(["-9", process]).status().unwrap();
        assert!(killed.success());
        self.abandon();
    }

    /// Ends the guard without its last words: the folder stays.
    fn abandon(&self) {
        if let Some(mut guard) = self.guard.lock().unwrap().take() {
            guard.kill().unwrap();
            guard.wait().unwrap();
        }
    }

    /// The address of a database.
    pub fn address(&self, database: &str) -> String {
        let socket = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{socket}/{database}")
    }

    /// Waits until it answers.
    pub async fn answers(&self) {
        drop(self.connect().await);
    }

    /// A new database; its address.
    pub async fn database(&self) -> String {
        let name = format!("scrip_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.connect().await.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        self.address(&name)
    }

    async fn connect(&self) -> tokio_postgres::Client {
        let begin = Instant::now();
        loop {
            match tokio_postgres::connect(&self.address("postgres"), NoTls).await {
                Ok((client, connection)) => {
                    tokio::spawn(connection);
                    return client;
                }
                Err(error) => {
                    assert!(begin.elapsed() < PATIENCE, "{error}: see {}", self.folder.join("log").display());
                    self.start_again_if_it_could_not();
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }
    }

    /// Right after a kill, the old processes may still have the memory of the folder; then the new one gives up.
    fn start_again_if_it_could_not(&self) {
        if self.folder.join("over").exists() {
            self.restart();
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut guard) = self.guard.lock().unwrap().take() {
            drop(guard.stdin.take());
            drop(guard.wait());
        }
        drop(fs::remove_dir_all(&self.folder));
    }
}

/// PostgreSQL refuses to run as root: then as the user its package makes, or as nobody.
fn another_user() -> Option<(u32, u32)> {
    let id = |arguments: &[&str]| -> Option<u32> {
        let output = Command::new("id").args(arguments).output().ok().filter(|output| output.status.success())?;
        String::from_utf8(output.stdout).ok()?.trim().parse().ok()
    };
    if id(&["-u"]) != Some(0) {
        return None;
    }
    ["postgres", "nobody"].iter().find_map(|user| Some((id(&["-u", user])?, id(&["-g", user])?)))
}

fn command(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    if let Some((user, group)) = another_user() {
        command.uid(user).gid(group);
    }
    command
}

/// Where `initdb` and `postgres` are: on the PATH, or where Debian puts them.
fn programs() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    folders.sort();
    let found = std::env::split_paths(&path).chain(folders.into_iter().rev());
    found
        .into_iter()
        .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
        .expect("no PostgreSQL: install it (Debian: apt-get install postgresql)")
}
