use reqwest::Method;
use serde_json::json;

use crate::support::World;

#[tokio::test]
async fn a_body_is_json_and_means_one_thing() {
    let world = World::start().await;
    let key = world.sign_up(json!({})).await["secret_key"].as_str().unwrap().to_owned();
    let post = |body: &str| world.raw(Method::POST, "/v1/debits").text(body).key(&key).idem();
    for text in
        ["", "{", "{}{}", "nul", "{\"amount\":\"1\",}", "\u{feff}{}", "{'amount':'1'}", "{\"amount\":\"\\ud800\"}"]
    {
        post(text).send().await.problem(400, "invalid_request");
    }
    for (text, pointer) in [
        (r#"{"amount":"1","amount":"1"}"#, ""),
        (r#"{"amount":"1","colour":"red"}"#, "/colour"),
        (r#"{"amount":1}"#, "/amount"),
        (r#"{"amount":true}"#, "/amount"),
        (r#"{"usage":[{"model":"openai/gpt-4","model":"x"}]}"#, "/usage/0"),
    ] {
        let problem = post(text).send().await.problem(422, "invalid_request");
        let found = problem["errors"][0]["pointer"].as_str().unwrap();
        assert!(found.starts_with(pointer), "{found} for {text}");
    }
    for text in ["[]", "\"x\"", "1", "null"] {
        post(text).send().await.problem(422, "invalid_request");
    }
    assert_eq!(world.available(&key).await, "25");
}

#[tokio::test]
async fn members_that_stand_twice_are_refused_in_free_maps_too() {
    let world = World::start().await;
    let shop = world.shop().await;
    let token = world.visit(&shop).await;
    let body = r#"{"fields":{"topic":"a","topic":"b"}}"#;
    world.raw(Method::POST, "/v1/runs").text(body).key(&token).idem().send().await.problem(422, "invalid_request");
}

#[tokio::test]
async fn a_body_of_another_type_is_not_read() {
    let world = World::start().await;
    let key = world.sign_up(json!({})).await["secret_key"].as_str().unwrap().to_owned();
    let post = || world.raw(Method::POST, "/v1/debits").key(&key).idem();
    post().body("{}").send().await.problem(415, "unsupported_media_type");
    post().body("{}").header("content-type", "text/plain").send().await.problem(415, "unsupported_media_type");
    post()
        .body("a=1")
        .header("content-type", "application/x-www-form-urlencoded")
        .send()
        .await
        .problem(415, "unsupported_media_type");
    post().body("{}").header("content-type", "application/json; charset=utf-8").send().await.expect(201);
}

#[tokio::test]
async fn a_body_has_at_most_a_mebibyte() {
    let world = World::start().await;
    let key = world.sign_up(json!({})).await["secret_key"].as_str().unwrap().to_owned();
    let post = |body: &str| world.raw(Method::POST, "/v1/debits").text(body).key(&key).idem();
    let long = format!("{{\"note\":\"{}\"}}", "x".repeat(1024 * 1024));
    post(&long).send().await.problem(413, "payload_too_large");
    let fits = format!("{}{{}}", " ".repeat(1024 * 1024 - 2));
    post(&fits).send().await.expect(201);
    post(&format!("{fits} ")).send().await.problem(413, "payload_too_large");
}

#[tokio::test]
async fn what_is_no_route_or_no_method_is_a_problem_too() {
    let world = World::start().await;
    world.get("/v1/nothing").send().await.problem(404, "not_found");
    world.get("/v1").send().await.problem(404, "not_found");
    world.delete("/v1/runs").send().await.problem(405, "method_not_allowed");
    world.raw(Method::PUT, "/v1/account").send().await.problem(405, "method_not_allowed");
    world.post("/healthz", &json!({})).send().await.problem(405, "method_not_allowed");
    world.raw(Method::OPTIONS, "/v1/runs").send().await.problem(405, "method_not_allowed");
    world.get("/v1/account/plan").send().await.problem(405, "method_not_allowed");
}

#[tokio::test]
async fn too_many_requests_from_one_address_wait() {
    let world = World::with(&["--rate-limit", "on"]).await;
    let mut limited = None;
    for _ in 0..100 {
        let calls = (0..50).map(|_| world.get("/v1/embeds/emb_x").send());
        let replies = futures_util::future::join_all(calls).await;
        limited = replies.into_iter().find(|reply| reply.status == 429);
        if limited.is_some() {
            break;
        }
    }
    let limited = limited.expect("a limit");
    limited.problem(429, "rate_limited");
    assert!(limited.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
    assert!(limited.header("ratelimit-limit").is_some() && limited.header("ratelimit-reset").is_some());
    assert_eq!(world.get("/v1/account").key("sk_unknown").send().await.status, 401, "owners are not limited");
}

#[tokio::test]
async fn every_answer_has_a_request_id_and_is_not_sniffed() {
    let world = World::start().await;
    for path in ["/healthz", "/v1/nothing", "/"] {
        let reply = world.get(path).send().await;
        assert_eq!(reply.header("x-request-id").unwrap().len(), 32);
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    }
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_not_well() {
    let world = World::start().await;
    assert_eq!(world.get("/healthz").send().await.expect(200)["status"], "ok");
    world.app.store.close().await.unwrap();
    let sick = world.get("/healthz").send().await;
    sick.problem(503, "overloaded");
    assert!(sick.header("retry-after").is_some());
}
