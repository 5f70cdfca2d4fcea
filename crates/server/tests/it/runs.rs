use futures_util::future::join_all;
use serde_json::json;

use crate::support::{SITE, World, events, pickaxe, uuid};

#[tokio::test]
async fn a_visitors_run_streams_and_costs_its_owner_one_credit() {
    let world = World::start().await;
    let shop = world.shop_with(json!({}), json!({"prompt_runs_per_user": 5})).await;
    let token = world.visit(&shop).await;
    let body = json!({"fields": {"topic": "rain"}});
    let reply = world.post("/v1/runs", &body).key(&token).idem().send().await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("text/event-stream")));
    let events = events(&reply.text);
    let names: Vec<_> = events.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(names, ["run", "delta", "delta", "done"]);
    assert_eq!(events[0].data["debit"]["amount"], "1");
    assert_eq!(events[0].data["remaining"], 4);
    let text: String = events[1..3].iter().map(|event| event.data["text"].as_str().unwrap()).collect();
    assert_eq!(text, "Hello world");
    let done = &events[3].data;
    assert_eq!((&done["charge"], &done["remaining"], &done["id"]), (&json!("1"), &json!(4), &events[0].data["id"]));
    assert_eq!(done["usage"], json!({"input_tokens": 10, "output_tokens": 2}));
    assert!(done["duration_ms"].is_u64() && done["resets_at"].is_string());
    assert!(done.get("output").is_none() && done.get("stopped").is_none());

    assert_eq!(world.available(&shop.key).await, "24");
    let rows = world.transactions(&shop.key).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (&rows[0]["kind"], &rows[0]["amount"], &rows[0]["balance_after"]),
        (&json!("run"), &json!("-1"), &json!("24"))
    );
    assert_eq!((&rows[0]["embed"], &rows[0]["run"]), (&json!(shop.embed), &done["id"]));
    let path = format!("/v1/transactions/{}", rows[0]["id"].as_str().unwrap());
    let row = world.get(&path).key(&shop.key).send().await.expect(200);
    assert_eq!(row["legs"], json!([{"from": "allowance", "amount": "1"}]));
    let item = &row["items"][0];
    assert_eq!((&item["model"], &item["unit"], &item["amount"]), (&json!("openai/gpt-4"), &json!("run"), &json!("1")));
    assert_eq!((&row["model"], &row["usage"]["output_tokens"]), (&json!("openai/gpt-4"), &json!(2)));
    let asked = world.mock.last();
    assert_eq!(asked["messages"], json!([{"role": "user", "content": "rain"}]));
    assert_eq!((&asked["stream"], &asked["max_tokens"]), (&json!(true), &json!(100)));
    assert_eq!(asked["stream_options"]["include_usage"], true);
    world.verify().await;
}

#[tokio::test]
async fn the_json_form_is_one_document() {
    let world = World::start().await;
    let shop = world.shop().await;
    let token = world.visit(&shop).await;
    let run = world.press(&token, "rain").send().await.expect(200);
    assert_eq!((&run["output"], &run["charge"], &run["remaining"]), (&json!("Hello world"), &json!("1"), &json!(null)));
    let read = world.get(&format!("/v1/runs/{}", run["id"].as_str().unwrap())).key(&token).send().await.expect(200);
    assert_eq!(
        (&read["state"], &read["output"], &read["charge"]),
        (&json!("done"), &json!("Hello world"), &json!("1"))
    );
}

#[tokio::test]
async fn exactly_as_many_runs_succeed_as_there_are_credits() {
    let world = World::with(&["--provider-timeout", "60"]).await;
    let shop = world.shop().await;
    let token = world.visit(&shop).await;
    let runs = (0..200).map(|_| {
        let call = world.press(&token, "wait");
        tokio::spawn(call.send())
    });
    let runs: Vec<_> = runs.collect();
    world.mock.asked(25).await;
    let refused = world.press(&token, "one more").send().await.problem(402, "insufficient_credits");
    assert_eq!(
        (&refused["available"], &refused["required"], &refused["next_return"]),
        (&json!("0"), &json!("1"), &json!(null))
    );
    world.mock.release(25);
    let replies: Vec<_> = join_all(runs).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 25);
    assert_eq!(replies.iter().filter(|reply| reply.status == 402).count(), 175);
    assert_eq!(world.mock.calls(), 25);
    let refused = world.press(&token, "one more").send().await.problem(402, "insufficient_credits");
    assert!(refused["next_return"]["at"].is_string(), "dated once one is settled: {refused}");
    assert_eq!(world.available(&shop.key).await, "0");
    world.verify().await;
}

#[tokio::test]
async fn a_visitor_at_the_limit_reads_the_embeds_message_and_another_still_runs() {
    let world = World::start().await;
    let shop = world.shop_with(json!({}), json!({"prompt_runs_per_user": 2})).await;
    let token = world.visit(&shop).await;
    world.press(&token, "a").send().await.expect(200);
    world.press(&token, "b").send().await.expect(200);
    let capped = world.press(&token, "c").send().await.problem(429, "visitor_cap_reached");
    assert_eq!((&capped["cap"], &capped["remaining"], &capped["message"]), (&json!(2), &json!(0), &json!("Enough!")));
    assert!(capped["resets_at"].is_string());
    let other = world.visit(&shop).await;
    world.press(&other, "d").send().await.expect(200);
    assert_eq!(world.available(&shop.key).await, "22");
}

#[tokio::test]
async fn what_was_filled_in_is_checked_before_anything_is_held() {
    let world = World::start().await;
    let key = world.sign_up(json!({})).await["secret_key"].as_str().unwrap().to_owned();
    let mut body = pickaxe();
    body["prompt"] = json!("{{topic}}|{{style}}|{{lines}}|{{rhyme}}");
    body["fields"] = json!([
        {"name": "topic", "required": true, "max_length": 10},
        {"name": "style", "kind": "select", "options": ["ode", "haiku"]},
        {"name": "lines", "kind": "number"},
        {"name": "rhyme", "kind": "checkbox"},
    ]);
    let id = world.post("/v1/pickaxes", &body).key(&key).send().await.expect(201)["id"].clone();
    let press = |fields: serde_json::Value| {
        let body = json!({"pickaxe": id, "fields": fields});
        world.post("/v1/runs", &body).key(&key).idem().accept("application/json")
    };
    for (fields, pointer) in [
        (json!({}), "/fields/topic"),
        (json!({"topic": " "}), "/fields/topic"),
        (json!({"topic": "12345678901"}), "/fields/topic"),
        (json!({"topic": 5}), "/fields/topic"),
        (json!({"topic": "x", "style": "epic"}), "/fields/style"),
        (json!({"topic": "x", "lines": "three"}), "/fields/lines"),
        (json!({"topic": "x", "rhyme": "maybe"}), "/fields/rhyme"),
        (json!({"topic": "x", "size": "big"}), "/fields/size"),
        (json!("x"), "/fields"),
    ] {
        press(fields).send().await.invalid(pointer);
    }
    assert_eq!(world.mock.calls(), 0);
    press(json!({"topic": "{{style}}", "lines": 3, "rhyme": true, "style": "ode"})).send().await.expect(200);
    assert_eq!(world.mock.last()["messages"][0]["content"], "{{style}}|ode|3|yes");
    assert_eq!(world.available(&key).await, "24");
}

#[tokio::test]
async fn an_owners_test_run_pays_from_whoever_presses() {
    let world = World::start().await;
    let (shop, other) = (world.shop().await, world.shop().await);
    let press = |pickaxe: &str, key: &str| {
        let body = json!({"pickaxe": pickaxe, "fields": {"topic": "x"}});
        world.post("/v1/runs", &body).key(key).idem().accept("application/json")
    };
    let run = press(&shop.pickaxe, &shop.key).send().await.expect(200);
    assert_eq!((&run["charge"], &run["remaining"]), (&json!("1"), &json!(null)));
    press(&shop.pickaxe, &other.key).send().await.expect(200);
    assert_eq!((world.available(&shop.key).await, world.available(&other.key).await), ("24".into(), "24".into()));
    let mut unlisted = pickaxe();
    unlisted["listed"] = json!(false);
    world.put(&format!("/v1/pickaxes/{}", shop.pickaxe), &unlisted).key(&shop.key).send().await.expect(200);
    press(&shop.pickaxe, &other.key).send().await.problem(404, "not_found");
    press("pkx_nonsense", &shop.key).send().await.problem(404, "not_found");
    let none = json!({"fields": {"topic": "x"}});
    world.post("/v1/runs", &none).key(&shop.key).idem().send().await.invalid("/pickaxe");
}

#[tokio::test]
async fn a_metered_run_costs_what_it_used() {
    let world = World::start().await;
    let shop = world.shop_with(json!({"tariff": "metered"}), json!({})).await;
    let token = world.visit(&shop).await;
    let poor = world.press(&token, "rain").send().await.problem(402, "insufficient_credits");
    // 4 bytes + 256 + 100 tokens at 60 credits a million.
    assert_eq!(poor["required"], "0.0216");
    world.post("/v1/topups", &json!({"credits": "1"})).key(&shop.key).idem().send().await.expect(201);
    let run = world.press(&token, "rain").send().await.expect(200);
    assert_eq!(run["charge"], "0.00072", "12 tokens at 60 credits a million");
    assert_eq!(world.available(&shop.key).await, "0.99928");
    let cut = world.press(&token, "cut").send().await.problem(502, "provider_failed");
    assert_eq!(cut["charge"], "0.00018", "what was counted is charged even if it broke off");
    assert_eq!(cut["output"], "Hello ");
    let stored = || {
        let body = json!({"fields": {"topic": "cut"}});
        world.post("/v1/runs", &body).key(&token).idem_key("cut").accept("application/json").send()
    };
    let (first, again) = (stored().await, stored().await);
    assert!(again.replayed());
    assert_eq!(again.problem(502, "provider_failed"), first.problem(502, "provider_failed"));
    assert_eq!(world.transactions(&shop.key).await.len(), 4);
    world.verify().await;
}

#[tokio::test]
async fn somebody_elses_run_is_not_found() {
    let world = World::start().await;
    let (shop, other) = (world.shop().await, world.shop().await);
    let token = world.visit(&shop).await;
    let run = world.press(&token, "rain").send().await.expect(200);
    let path = format!("/v1/runs/{}", run["id"].as_str().unwrap());
    for key in [&world.visit(&shop).await, &world.visit(&other).await, &other.key] {
        world.get(&path).key(key).send().await.problem(404, "not_found");
        world.get(&format!("{path}/events")).key(key).send().await.problem(404, "not_found");
        world.post(&format!("{path}/stop"), &json!({})).key(key).send().await.problem(404, "not_found");
    }
    world.get(&path).key(&shop.key).send().await.expect(200);
    world.get("/v1/runs/run_nonsense").key(&token).send().await.problem(404, "not_found");
    world.get(&format!("/v1/runs/{}", uuid().replace("srv", "run"))).key(&token).send().await.problem(404, "not_found");
}

#[tokio::test]
async fn an_embeds_daily_budget_stops_its_visitors_until_midnight_in_utc_and_nobody_else() {
    let world = World::start().await;
    let shop = world.shop_with(json!({}), json!({"daily_budget": "2"})).await;
    let settings = world.get(&format!("/v1/embeds/{}/settings", shop.embed)).key(&shop.key).send().await.expect(200);
    assert_eq!(settings["daily_budget"], "2");
    let token = world.visit(&shop).await;
    let presses = join_all((0..10).map(|_| world.press(&token, "rain").send())).await;
    assert_eq!(presses.iter().filter(|reply| reply.status == 200).count(), 2, "parallel presses do not overshoot");
    let refused = presses.iter().find(|reply| reply.status != 200).unwrap().problem(429, "budget_exhausted");
    assert!(refused["resets_at"].as_str().unwrap().ends_with("T00:00:00.000Z"), "{refused}");
    assert_eq!(world.mock.calls(), 2);
    // A void run gives its place back, a debit that names the embed counts, the owner's own runs do not.
    let body = json!({"amount": "0.000000001", "embed": shop.embed});
    world.post("/v1/debits", &body).key(&shop.key).idem().send().await.problem(429, "budget_exhausted");
    let own = json!({"pickaxe": shop.pickaxe, "fields": {"topic": "rain"}});
    world.post("/v1/runs", &own).key(&shop.key).idem().accept("application/json").send().await.expect(200);
    let more = json!({"allowed_origins": [SITE], "prompt_runs_per_user": null, "daily_budget": "3"});
    let path = format!("/v1/embeds/{}/settings", shop.embed);
    world.put(&path, &more).key(&shop.key).send().await.expect(200);
    world.press(&token, "nothing").send().await;
    world.press(&token, "rain").send().await.expect(200);
    world.press(&token, "rain").send().await.problem(429, "budget_exhausted");
    world.verify().await;
}
