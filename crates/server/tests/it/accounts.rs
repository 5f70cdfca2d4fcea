use serde_json::json;

use crate::support::World;

#[tokio::test]
async fn a_sign_up_gets_25_credits_on_the_free_plan_and_its_secrets_once() {
    let world = World::start().await;
    let made = world.post("/v1/accounts", &json!({"email": "Ann@Example.com"})).send().await.expect(201);
    assert!(made["secret_key"].as_str().unwrap().starts_with("sk_"));
    assert!(made["key_id"].as_str().unwrap().starts_with("key_"));
    assert!(made["signing_secret"].is_string());
    let account = world.get("/v1/account").key(made["secret_key"].as_str().unwrap()).send().await.expect(200);
    assert_eq!(account, made["account"]);
    let expected = json!({
        "id": made["account"]["id"], "email": "ann@example.com", "tariff": "prompt_run", "plan": "free", "packs": [],
        "byok": false,
        "balance": {
            "available": "25", "prepaid": "0", "held": "0",
            "allowance": {"capacity": "25", "spent": "0", "available": "25", "over_by": "0"},
            "next_return": null,
        },
        "alerts": {"low_balance": null}, "auto_reload": null,
    });
    assert_eq!(account, expected);
    assert_eq!(
        world.get("/v1/keys").key(made["secret_key"].as_str().unwrap()).send().await.expect(200)["data"][0]["secret_key"],
        json!(null)
    );
}

#[tokio::test]
async fn a_metered_account_starts_with_nothing_and_takes_no_plan() {
    let world = World::start().await;
    let made = world.sign_up(json!({"tariff": "metered"})).await;
    assert_eq!(made["account"]["balance"]["available"], "0");
    assert_eq!(made["account"]["balance"]["allowance"]["capacity"], "0");
    let key = made["secret_key"].as_str().unwrap();
    world.put("/v1/account/plan", &json!({"plan": "gold"})).key(key).send().await.invalid("/plan");
    world.put("/v1/account/packs", &json!({"packs": ["100"]})).key(key).send().await.invalid("/packs");
}

#[tokio::test]
async fn an_address_has_one_account_whatever_its_case() {
    let world = World::start().await;
    world.sign_up(json!({"email": "bob@example.com"})).await;
    world.post("/v1/accounts", &json!({"email": "BOB@example.com"})).send().await.problem(409, "email_taken");
}

#[tokio::test]
async fn what_is_no_address_or_too_short_a_password_is_pointed_at() {
    let world = World::start().await;
    for email in ["", "bob", "@example.com", "bob@", "a b@example.com", "a@b@c"] {
        world.post("/v1/accounts", &json!({"email": email})).send().await.invalid("/email");
    }
    let short = json!({"email": "a@example.com", "password": "short"});
    world.post("/v1/accounts", &short).send().await.invalid("/password");
    world.post("/v1/accounts", &json!({"email": "a@example.com", "tariff": "gratis"})).send().await.invalid("/tariff");
    world.post("/v1/accounts", &json!({})).send().await.invalid("/email");
}

#[tokio::test]
async fn a_closed_server_takes_no_strangers() {
    let world = World::with(&["--signup", "closed"]).await;
    world.post("/v1/accounts", &json!({"email": "a@example.com"})).send().await.problem(403, "forbidden");
}

#[tokio::test]
async fn plan_and_packs_act_at_once_and_nothing_is_clawed_back() {
    let world = World::start().await;
    let key = world.sign_up(json!({})).await["secret_key"].as_str().unwrap().to_owned();
    let gold = world.put("/v1/account/plan", &json!({"plan": "gold"})).key(&key).send().await.expect(200);
    assert_eq!((&gold["plan"], &gold["balance"]["available"]), (&json!("gold"), &json!("1000")));
    let packs = json!({"packs": ["100", "250"]});
    let more = world.put("/v1/account/packs", &packs).key(&key).send().await.expect(200);
    assert_eq!((&more["packs"], &more["balance"]["available"]), (&json!(["100", "250"]), &json!("1350")));
    world.post("/v1/debits", &json!({"amount": "30"})).key(&key).idem().send().await.expect(201);
    let free = world.put("/v1/account/packs", &json!({"packs": []})).key(&key).send().await.expect(200);
    assert_eq!(free["balance"]["available"], "970");
    let free = world.put("/v1/account/plan", &json!({"plan": "free"})).key(&key).send().await.expect(200);
    assert_eq!(free["balance"]["available"], "0");
    assert_eq!(free["balance"]["allowance"]["over_by"], "5");
    world.put("/v1/account/plan", &json!({"plan": "silver"})).key(&key).send().await.invalid("/plan");
    world.put("/v1/account/packs", &json!({"packs": ["100", "100"]})).key(&key).send().await.invalid("/packs/1");
}

#[tokio::test]
async fn without_payments_nothing_is_bought() {
    let world = World::with(&["--payments", "off"]).await;
    let key = world.sign_up(json!({})).await["secret_key"].as_str().unwrap().to_owned();
    let gold = json!({"plan": "gold"});
    world.put("/v1/account/plan", &gold).key(&key).send().await.problem(403, "payments_disabled");
    let topup = json!({"credits": "20"});
    world.post("/v1/topups", &topup).key(&key).idem().send().await.problem(403, "payments_disabled");
}

#[tokio::test]
async fn a_test_purchase_succeeds_at_once_and_is_counted_once() {
    let world = World::start().await;
    let key = world.sign_up(json!({"tariff": "metered"})).await["secret_key"].as_str().unwrap().to_owned();
    let body = json!({"credits": "20"});
    let first = world.post("/v1/topups", &body).key(&key).idem_key("t1").send().await;
    let top = first.expect(201);
    assert_eq!(top["status"], "succeeded");
    assert_eq!(top["amount"], json!({"currency": "usd", "value": "20.00"}));
    assert_eq!(top["checkout_url"], json!(null));
    assert!(top["id"].as_str().unwrap().starts_with("top_"));
    let again = world.post("/v1/topups", &body).key(&key).idem_key("t1").send().await;
    assert!(again.replayed());
    assert_eq!(again.expect(201), top);
    let read = world.get(&format!("/v1/topups/{}", top["id"].as_str().unwrap())).key(&key).send().await.expect(200);
    assert_eq!(read, top);
    assert_eq!(world.available(&key).await, "20");
    for bad in ["0", "-1", "1e3", "9000000001", "0.0000000001"] {
        world.post("/v1/topups", &json!({"credits": bad})).key(&key).idem().send().await.invalid("/credits");
    }
    world.post("/v1/topups", &json!({"credits": "9000000000"})).key(&key).idem().send().await.invalid("/credits");
}

#[tokio::test]
async fn scopes_allow_what_they_name_and_nothing_more() {
    let world = World::start().await;
    let admin = world.sign_up(json!({})).await["secret_key"].as_str().unwrap().to_owned();
    let make = async |scopes: serde_json::Value| {
        let made = world.post("/v1/keys", &json!({"name": "k", "scopes": scopes})).key(&admin).send().await.expect(201);
        (made["secret_key"].as_str().unwrap().to_owned(), made["id"].as_str().unwrap().to_owned())
    };
    let (read, read_id) = make(json!(["read"])).await;
    let (debit, _) = make(json!(["debit"])).await;
    world.get("/v1/account").key(&read).send().await.expect(200);
    world.post("/v1/debits", &json!({})).key(&read).idem().send().await.problem(403, "forbidden");
    world.get("/v1/keys").key(&read).send().await.problem(403, "forbidden");
    world.post("/v1/debits", &json!({})).key(&debit).idem().send().await.expect(201);
    world.get("/v1/account").key(&debit).send().await.problem(403, "forbidden");
    world.post("/v1/keys", &json!({"name": "k", "scopes": []})).key(&admin).send().await.invalid("/scopes");
    world.post("/v1/keys", &json!({"name": "k", "scopes": ["root"]})).key(&admin).send().await.invalid("/scopes/0");
    assert_eq!(world.delete(&format!("/v1/keys/{read_id}")).key(&admin).send().await.status, 204);
    world.get("/v1/account").key(&read).send().await.problem(401, "unauthorized");
}

#[tokio::test]
async fn nobody_is_let_in_without_a_known_key() {
    let world = World::start().await;
    world.get("/v1/account").send().await.problem(401, "unauthorized");
    world.get("/v1/account").key("sk_nonsense").send().await.problem(401, "unauthorized");
    world.get("/v1/account").key("nonsense").send().await.problem(401, "unauthorized");
    world.get("/v1/account").header("authorization", "Basic abc").send().await.problem(401, "unauthorized");
    world.get("/v1/account").header("authorization", "Bearer ").send().await.problem(401, "unauthorized");
}
