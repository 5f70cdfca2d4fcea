use serde_json::json;

use crate::support::{World, events, uuid};

#[tokio::test]
async fn whatever_the_provider_does_nothing_is_charged_without_an_answer() {
    let world = World::start().await;
    let shop = world.shop_with(json!({}), json!({"prompt_runs_per_user": 3})).await;
    let token = world.visit(&shop).await;
    for (topic, partial) in [
        ("refuse", ""),
        ("garbage", ""),
        ("nothing", ""),
        ("silent", "Hello "),
        ("cut", "Hello "),
        ("reset", "Hello "),
        ("error", "Hello "),
    ] {
        let failed = world.press(&token, topic).send().await.problem(502, "provider_failed");
        assert_eq!((&failed["charge"], &failed["output"]), (&json!("0"), &json!(partial)), "{topic}");
        let body = json!({"fields": {"topic": topic}});
        let reply = world.post("/v1/runs", &body).key(&token).idem().send().await;
        assert_eq!(reply.status, 200, "the stream had begun");
        let last = events(&reply.text).pop().unwrap();
        assert_eq!(
            (last.name.as_str(), &last.data["code"], &last.data["charge"]),
            ("error", &json!("provider_failed"), &json!("0"))
        );
        assert_eq!(last.data["status"], 502);
    }
    assert_eq!(world.available(&shop.key).await, "25");
    assert_eq!(world.balance(&shop.key).await["held"], "0");
    assert_eq!(world.transactions(&shop.key).await.len(), 0);
    let run = world.press(&token, "rain").send().await.expect(200);
    assert_eq!(run["remaining"], 2, "void runs do not count");
    world.verify().await;
}

#[tokio::test]
async fn a_failed_runs_key_runs_again() {
    let world = World::start().await;
    let shop = world.shop().await;
    let token = world.visit(&shop).await;
    let key = uuid();
    let press = || {
        let body = json!({"fields": {"topic": "cut"}});
        world.post("/v1/runs", &body).key(&token).idem_key(&key).accept("application/json").send()
    };
    press().await.problem(502, "provider_failed");
    let second = press().await;
    second.problem(502, "provider_failed");
    assert!(!second.replayed());
    assert_eq!(world.mock.calls(), 2);
    assert_eq!(world.available(&shop.key).await, "25");
}

#[tokio::test]
async fn a_provider_that_is_down_is_said_so() {
    let world = World::with(&["--openai-base-url", "http://127.0.0.1:9/v1"]).await;
    let shop = world.shop().await;
    let token = world.visit(&shop).await;
    let failed = world.press(&token, "rain").send().await.problem(502, "provider_failed");
    assert_eq!(failed["charge"], "0");
    assert!(!failed["detail"].as_str().unwrap().contains("127.0.0.1"));
}

#[tokio::test]
async fn a_provider_that_does_not_stream_is_read_too() {
    let world = World::start().await;
    let shop = world.shop().await;
    let token = world.visit(&shop).await;
    let run = world.press(&token, "document").send().await.expect(200);
    assert_eq!((&run["output"], &run["charge"]), (&json!("Hello world"), &json!("1")));
}

#[tokio::test]
async fn models_are_mapped_to_the_providers_names() {
    let models = r#"{"aws/transcribe":"whisper"}"#;
    let world = World::with(&["--models", models, "--openai-model", "small"]).await;
    let shop = world.shop().await;
    let token = world.visit(&shop).await;
    world.press(&token, "rain").send().await.expect(200);
    assert_eq!(world.mock.last()["model"], "small");
    let mut body = crate::support::pickaxe();
    body["model"] = json!("aws/transcribe");
    world.put(&format!("/v1/pickaxes/{}", shop.pickaxe), &body).key(&shop.key).send().await.expect(200);
    world.press(&token, "rain").send().await.expect(200);
    assert_eq!(world.mock.last()["model"], "whisper");
}
