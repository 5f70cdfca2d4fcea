use futures_util::future::join_all;
use serde_json::json;

use crate::support::{World, uuid};

const MOVEMENTS: [&str; 7] = [
    "/v1/runs",
    "/v1/debits",
    "/v1/holds",
    "/v1/topups",
    "/v1/debits/txn_01h455vb4pex5vsknk084sn02q/refunds",
    "/v1/holds/hld_01h455vb4pex5vsknk084sn02q/settle",
    "/v1/holds/hld_01h455vb4pex5vsknk084sn02q/void",
];

#[tokio::test]
async fn every_movement_needs_a_key_of_visible_ascii() {
    let world = World::start().await;
    let key = world.sign_up(json!({})).await["secret_key"].as_str().unwrap().to_owned();
    for path in MOVEMENTS {
        world.post(path, &json!({})).key(&key).send().await.problem(400, "invalid_request");
        for bad in ["", "a b", &"x".repeat(256), "ü"] {
            world.post(path, &json!({})).key(&key).idem_key(bad).send().await.problem(400, "invalid_request");
        }
    }
    world.post("/v1/debits", &json!({})).key(&key).idem_key(&"x".repeat(255)).send().await.expect(201);
}

#[tokio::test]
async fn the_same_key_answers_the_same_also_after_a_restart() {
    let world = World::start().await;
    let shop = world.shop().await;
    let token = world.visit(&shop).await;
    let debit_body = json!({"amount": "2"});
    let debit = world.post("/v1/debits", &debit_body).key(&shop.key).idem_key("d").send().await;
    let run_body = json!({"fields": {"topic": "rain"}});
    let run = world.post("/v1/runs", &run_body).key(&token).idem_key("r").accept("application/json").send().await;
    assert!(!debit.replayed() && !run.replayed());
    let world = world.restart().await;
    let debit_again = world.post("/v1/debits", &debit_body).key(&shop.key).idem_key("d").send().await;
    let run_again = world.post("/v1/runs", &run_body).key(&token).idem_key("r").accept("application/json").send().await;
    assert!(debit_again.replayed() && run_again.replayed());
    assert_eq!(debit_again.expect(201), debit.expect(201));
    assert_eq!(run_again.expect(200), run.expect(200));
    assert_eq!((world.mock.calls(), world.available(&shop.key).await), (1, "22".to_owned()));
    world.verify().await;
}

#[tokio::test]
async fn another_body_under_the_same_key_is_refused() {
    let world = World::start().await;
    let shop = world.shop().await;
    let token = world.visit(&shop).await;
    world.post("/v1/debits", &json!({"amount": "2"})).key(&shop.key).idem_key("k").send().await.expect(201);
    let other = world.post("/v1/debits", &json!({"amount": "3"})).key(&shop.key).idem_key("k").send().await;
    other.problem(422, "idempotency_mismatch");
    let spaced = world
        .raw(reqwest::Method::POST, "/v1/debits")
        .text("{ \"amount\":\"2\"}")
        .key(&shop.key)
        .idem_key("k")
        .send()
        .await;
    spaced.problem(422, "idempotency_mismatch");
    world.press(&token, "rain").idem_key("ignored").send().await.problem(400, "invalid_request");
    let press = |topic: &str| {
        let body = json!({"fields": {"topic": topic}});
        world.post("/v1/runs", &body).key(&token).idem_key("k").accept("application/json").send()
    };
    press("rain").await.expect(200);
    press("snow").await.problem(422, "idempotency_mismatch");
}

#[tokio::test]
async fn a_key_belongs_to_its_account_route_and_visitor() {
    let world = World::start().await;
    let (shop, other) = (world.shop().await, world.shop().await);
    let (one, two) = (world.visit(&shop).await, world.visit(&shop).await);
    for key in [&shop.key, &other.key, &one, &two] {
        let debit = world.post("/v1/debits", &json!({})).key(key).idem_key("k").send().await;
        assert!(!debit.replayed());
        debit.expect(201);
    }
    world.post("/v1/holds", &json!({"amount": "1"})).key(&shop.key).idem_key("k").send().await.expect(201);
}

#[tokio::test]
async fn parallel_requests_with_one_key_are_one_debit() {
    let world = World::start().await;
    let key = world.sign_up(json!({})).await["secret_key"].as_str().unwrap().to_owned();
    let calls = (0..32).map(|_| world.post("/v1/debits", &json!({})).key(&key).idem_key("same").send());
    let replies = join_all(calls).await;
    let first = replies[0].expect(201);
    assert!(replies.iter().all(|reply| reply.expect(201) == first));
    assert_eq!(replies.iter().filter(|reply| !reply.replayed()).count(), 1);
    assert_eq!(world.available(&key).await, "24");
}

#[tokio::test]
async fn a_refusal_is_not_remembered() {
    let world = World::start().await;
    let key = world.sign_up(json!({"tariff": "metered"})).await["secret_key"].as_str().unwrap().to_owned();
    let debit = || world.post("/v1/debits", &json!({"amount": "1"})).key(&key).idem_key("k").send();
    debit().await.problem(402, "insufficient_credits");
    world.post("/v1/topups", &json!({"credits": "5"})).key(&key).idem().send().await.expect(201);
    let now = debit().await;
    assert!(!now.replayed());
    now.expect(201);
}

#[tokio::test]
async fn what_was_answered_is_answered_again_whatever_changed_since() {
    let world = World::start().await;
    let shop = world.shop().await;
    let token = world.visit(&shop).await;
    let key = uuid();
    let body = json!({"fields": {"topic": "rain"}});
    let press = || world.post("/v1/runs", &body).key(&token).idem_key(&key).accept("application/json").send();
    let first = press().await.expect(200);
    let mut other = crate::support::pickaxe();
    other["fields"][0]["max_length"] = json!(1);
    world.put(&format!("/v1/pickaxes/{}", shop.pickaxe), &other).key(&shop.key).send().await.expect(200);
    let settings = json!({"allowed_origins": [], "prompt_runs_per_user": 0});
    world.put(&format!("/v1/embeds/{}/settings", shop.embed), &settings).key(&shop.key).send().await.expect(200);
    let again = press().await;
    assert!(again.replayed());
    assert_eq!(again.expect(200), first);
}

#[tokio::test]
async fn a_restart_in_the_middle_of_a_run_charges_nothing_and_frees_its_key() {
    let world = World::with(&["--provider-timeout", "60"]).await;
    let shop = world.shop().await;
    let token = world.visit(&shop).await;
    let key = uuid();
    let body = json!({"fields": {"topic": "wait"}});
    let run = tokio::spawn(world.post("/v1/runs", &body).key(&token).idem_key(&key).accept("application/json").send());
    world.mock.asked(1).await;
    world.app.hub.shut_down();
    let ended = run.await.unwrap();
    ended.problem(503, "overloaded");
    let world = world.restart().await;
    assert_eq!(world.balance(&shop.key).await["held"], "0");
    world.mock.release(1);
    let again = world.post("/v1/runs", &body).key(&token).idem_key(&key).accept("application/json").send().await;
    assert!(!again.replayed());
    assert_eq!(again.expect(200)["output"], "Hello world");
    assert_eq!(world.available(&shop.key).await, "24");
}
