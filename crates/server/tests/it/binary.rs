//! The real binary: what it says, how it ends.

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use serde_json::{Value, json};

use crate::support::{Call, Mock, SITE, client, pickaxe};

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
    start_with(folder, "http://127.0.0.1:9/v1")
}

fn start_with(folder: &Path, provider: &str) -> Running {
    start_with_flags(folder, provider, &[])
}

fn start_with_flags(folder: &Path, provider: &str, flags: &[&str]) -> Running {
    let data = folder.to_str().unwrap();
    let mut child = scrip(&["serve", "--data", data, "--listen", "127.0.0.1:0"])
        .args(flags)
        .env("OPENAI_BASE_URL", provider)
        .env("SCRIP_RATE_LIMIT", "off")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
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

/// A visitor's press with a key of its own; `None`: the connection broke.
async fn press(client: reqwest::Client, base: String, token: String, number: usize) -> Option<(u16, bool, Value)> {
    let request = client
        .post(format!("{base}/v1/runs"))
        .bearer_auth(token)
        .header("idempotency-key", format!("press-{number}"))
        .header("accept", "application/json")
        .header("content-type", "application/json")
        .body(json!({"fields": {"topic": format!("rain {number}")}}).to_string());
    let response = request.send().await.ok()?;
    let (status, replayed) = (response.status().as_u16(), response.headers().contains_key("idempotency-replayed"));
    Some((status, replayed, serde_json::from_slice(&response.bytes().await.ok()?).ok()?))
}

/// Every press at once; `None` where the connection broke.
async fn press_all(base: &str, token: &str) -> Vec<Option<(u16, bool, Value)>> {
    let client = client();
    let presses = (0..200).map(|number| tokio::spawn(press(client.clone(), base.to_owned(), token.to_owned(), number)));
    futures_util::future::join_all(presses).await.into_iter().map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_among_200_runs_charges_each_acknowledged_one_once_and_none_twice() {
    let folder = tempfile::tempdir().unwrap();
    let mock = Mock::start().await;
    let server = start_with(folder.path(), &mock.base);
    let client = client();
    let post = |path: &str, body: Value| Call::new(client.post(format!("{}{path}", server.base))).json(&body);
    let made = post("/v1/accounts", json!({"email": "ann@example.com"})).send().await.expect(201);
    let key = made["secret_key"].as_str().unwrap().to_owned();
    let pickaxe = post("/v1/pickaxes", pickaxe()).key(&key).send().await.expect(201);
    let embeds = format!("/v1/pickaxes/{}/embeds", pickaxe["id"].as_str().unwrap());
    let settings = json!({"allowed_origins": [SITE], "prompt_runs_per_user": null});
    let embed = post(&embeds, settings).key(&key).send().await.expect(201);
    let visits = format!("/v1/embeds/{}/visits", embed["id"].as_str().unwrap());
    let visit = post(&visits, json!({})).origin(SITE).send().await.expect(201);
    let token = visit["token"].as_str().unwrap().to_owned();
    let account = made["account"]["id"].as_str().unwrap().to_owned();
    let data = folder.path().to_str().unwrap().to_owned();
    assert!(output(&["owner", "grant", "--data", &data, "--account", &account, "--credits", "300"]).status.success());

    let base = server.base.clone();
    let presses = tokio::spawn({
        let token = token.clone();
        async move { press_all(&base, &token).await }
    });
    mock.asked(60).await;
    // SIGKILL, in the middle.
    drop(server);
    let before = presses.await.unwrap();
    let acknowledged: Vec<_> =
        before.iter().map(|reply| reply.as_ref().filter(|(status, ..)| *status == 200)).collect();

    let server = start_with(folder.path(), &mock.base);
    let get = |path: &str| Call::new(client.get(format!("{}{path}", server.base))).key(&key);
    assert_eq!(get("/v1/account").send().await.expect(200)["balance"]["held"], "0", "no hold is left");
    let after = press_all(&server.base, &token).await;
    for (before, after) in acknowledged.iter().zip(&after) {
        let (status, replayed, body) = after.as_ref().expect("the second server lives");
        assert_eq!(*status, 200, "{body}");
        if let Some((_, _, answer)) = before {
            assert!(replayed);
            assert_eq!(answer, body);
        }
    }
    let account = get("/v1/account").send().await.expect(200);
    assert_eq!((&account["balance"]["available"], &account["balance"]["held"]), (&json!("125"), &json!("0")));
    let rows = get("/v1/transactions?limit=200&kind=run").send().await.expect(200);
    assert_eq!((rows["data"].as_array().unwrap().len(), &rows["next_cursor"]), (200, &json!(null)));
    let verified = output(&["verify", "--data", &data]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
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

    let book = folder.path().join("book.json").to_str().unwrap().to_owned();
    let serve = ["serve", "--data", data, "--listen", "127.0.0.1:0", "--price-book", &book];
    refused(&output(&serve), "cannot read the price book");
    let faulty = r#"{"version":1,"models":[{"id":"a","supplier":"s","name":"n","task":"other","prices":[{"unit":"run","credits":"NaN","per":"1"}]}]}"#;
    std::fs::write(&book, faulty).unwrap();
    refused(&output(&serve), "book.json is no price book: ");
    refused(&output(&serve), "(at /models/0/prices/0/credits)");

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
    let client = client();
    let secret = made["secret_key"].as_str().unwrap();
    let debit = Call::new(client.post(format!("{}/v1/debits", server.base))).json(&json!({})).key(secret).idem();
    runtime.block_on(debit.send()).expect(201);
    let (code, log) = server.terminate();
    assert_eq!(code, 0);
    assert!(!log.contains(secret) && !log.contains("panic"), "{log}");
    assert_eq!(run(&["owner", "show", "--account", &account])["balance"]["available"], "44.5");
    assert_eq!(run(&["owner", "transactions", "--account", &account])[0]["kind"], "debit");
}

const MASTER_KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

#[test]
fn a_database_without_the_shared_key_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let database = "postgres://nobody@127.0.0.1:9/nothing";
    refused(&output(&["serve", "--data", data, "--listen", "127.0.0.1:0", "--database", database]), "SCRIP_MASTER_KEY");
    refused(&output(&["verify", "--database", database, "--master-key", MASTER_KEY]), "the database cannot be opened");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_database_are_one_to_their_clients() {
    let database = crate::store::CLUSTER.database().await;
    let on = ["--database", &database, "--master-key", MASTER_KEY];
    let made = output(&[&["owner", "create", "--email", "two@example.com"][..], &on].concat());
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let made: Value = serde_json::from_slice(&made.stdout).unwrap();
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let mock = Mock::start().await;
    let servers = folders.each_ref().map(|folder| start_with_flags(folder.path(), &mock.base, &on));
    let (client, secret) = (client(), made["secret_key"].as_str().unwrap());
    let mut first = None;
    for server in [&servers[0], &servers[1]] {
        let request = client.post(format!("{}/v1/debits", server.base)).bearer_auth(secret);
        let answer = request.header("idempotency-key", "once").json(&json!({})).send().await.unwrap();
        assert_eq!(answer.headers().contains_key("idempotency-replayed"), first.is_some());
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(first.get_or_insert_with(|| answer["id"].clone()), &answer["id"]);
    }
    let account = client.get(format!("{}/v1/account", servers[1].base)).bearer_auth(secret).send().await.unwrap();
    assert_eq!(account.json::<Value>().await.unwrap()["balance"]["available"], "24");
    let verified = output(&[&["verify"][..], &on].concat());
    assert_eq!(String::from_utf8_lossy(&verified.stdout).trim(), "the ledger is sound");
    for server in servers {
        assert_eq!(server.terminate().0, 0);
    }
}
