//! The real binary: what it says, how it ends.

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use serde_json::{Value, json};

use crate::support::Call;

fn scrip(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scrip"));
    command.args(arguments).env_clear().env("SCRIP_LOG", "info").stdin(Stdio::null());
    command
}

fn output(arguments: &[&str]) -> Output {
    scrip(arguments).output().unwrap()
}

/// One line on stderr, exit code 1, no panic.
#[track_caller]
fn refused(output: &Output, says: &str) {
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert_eq!(text.trim_end().lines().count(), 1, "{text}");
    assert!(text.contains(says), "{text}");
}

struct Running {
    child: Child,
    base: String,
    log: BufReader<std::process::ChildStderr>,
}

fn start(folder: &Path) -> Running {
    let data = folder.to_str().unwrap();
    let mut child =
        scrip(&["serve", "--data", data, "--listen", "127.0.0.1:0"]).stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("ready") {
        line.clear();
        assert!(log.read_line(&mut line).unwrap() > 0, "the server ended");
    }
    let port = line.split("127.0.0.1:").nth(1).unwrap();
    let port: String = port.chars().take_while(char::is_ascii_digit).collect();
    Running { child, base: format!("http://127.0.0.1:{port}"), log }
}

impl Running {
    fn terminate(mut self) -> (i32, String) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let code = self.child.wait().unwrap().code().unwrap();
        let mut rest = String::new();
        self.log.read_to_string(&mut rest).unwrap();
        (code, rest)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_says_its_version() {
    let out = output(&["version"]);
    assert_eq!(String::from_utf8_lossy(&out.stdout).trim(), env!("CARGO_PKG_VERSION"));
}

#[test]
fn what_cannot_be_served_is_said_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    refused(&output(&["serve", "--data", data, "--listen", &address]), "is in use");

    let file = folder.path().join("file");
    std::fs::write(&file, "x").unwrap();
    refused(&output(&["serve", "--data", file.to_str().unwrap(), "--listen", "127.0.0.1:0"]), "file");
    let none = folder.path().join("none");
    refused(&output(&["owner", "list", "--data", none.to_str().unwrap()]), "there is no ledger");
    assert!(!none.exists());

    let first = start(folder.path());
    refused(&output(&["serve", "--data", data, "--listen", "127.0.0.1:0"]), data);
    drop(first);
}

#[test]
fn an_operators_commands_work_with_and_without_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap().to_owned();
    let run = |arguments: &[&str]| -> Value {
        let mut all = arguments.to_vec();
        all.extend(["--data", &data]);
        let out = output(&all);
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        serde_json::from_slice(&out.stdout).unwrap()
    };
    let made = run(&["owner", "create", "--email", "ann@example.com"]);
    let account = made["account"].as_str().unwrap().to_owned();
    assert_eq!(run(&["owner", "grant", "--account", &account, "--credits", "20"])["available"], "45");
    let server = start(folder.path());
    assert_eq!(run(&["owner", "grant", "--account", "ann@example.com", "--credits", "0.5"])["available"], "45.5");
    assert_eq!(run(&["owner", "show", "--account", &account])["balance"]["prepaid"], "20.5");
    let verified = output(&["verify", "--data", &data]);
    assert_eq!(String::from_utf8_lossy(&verified.stdout).trim(), "the ledger is sound");

    let runtime = tokio::runtime::Runtime::new().unwrap();
    let client = reqwest::Client::new();
    let secret = made["secret_key"].as_str().unwrap();
    let debit = Call::new(client.post(format!("{}/v1/debits", server.base))).json(&json!({})).key(secret).idem();
    runtime.block_on(debit.send()).expect(201);
    let (code, log) = server.terminate();
    assert_eq!(code, 0);
    assert!(!log.contains(secret) && !log.contains("panic"), "{log}");
    assert_eq!(run(&["owner", "show", "--account", &account])["balance"]["available"], "44.5");
    assert_eq!(run(&["owner", "transactions", "--account", &account])[0]["kind"], "debit");
}
