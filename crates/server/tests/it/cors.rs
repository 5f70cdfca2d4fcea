use reqwest::Method;
use serde_json::json;

use crate::support::{SITE, World};

const FOREIGN: &str = "https://thief.example";
const ALLOW: &str = "access-control-allow-origin";

#[tokio::test]
async fn a_preflight_passes_when_any_embed_allows_the_origin() {
    let world = World::start().await;
    let shop = world.shop().await;
    let visits = format!("/v1/embeds/{}/visits", shop.embed);
    for path in ["/v1/runs", "/v1/debits", visits.as_str()] {
        let ask = |origin: &str| {
            let call = world.raw(Method::OPTIONS, path).origin(origin);
            call.header("access-control-request-method", "POST")
                .header("access-control-request-headers", "idempotency-key")
        };
        let passed = ask(SITE).send().await;
        assert_eq!((passed.status, passed.header(ALLOW)), (204, Some(SITE)), "{path}");
        assert!(passed.header("access-control-allow-headers").unwrap().contains("Idempotency-Key"));
        assert!(passed.header("access-control-allow-methods").unwrap().contains("POST"));
        assert_eq!(passed.header("access-control-allow-credentials"), None);
        let refused = ask(FOREIGN).send().await;
        refused.problem(403, "origin_not_allowed");
        assert_eq!(refused.header(ALLOW), None);
    }
}

#[tokio::test]
async fn the_request_itself_is_checked_against_its_own_embed() {
    let world = World::start().await;
    let shop = world.shop().await;
    world.shop_with(json!({}), json!({"allowed_origins": [FOREIGN]})).await;
    let visits = format!("/v1/embeds/{}/visits", shop.embed);
    let refused = world.post(&visits, &json!({})).origin(FOREIGN).send().await;
    refused.problem(403, "origin_not_allowed");
    assert_eq!(refused.header(ALLOW), None, "none for an origin the embed refuses");
    let refused = world.get(&format!("/v1/embeds/{}", shop.embed)).origin(FOREIGN).send().await;
    refused.problem(403, "origin_not_allowed");
    assert_eq!(refused.header(ALLOW), None);
    let token = world.visit(&shop).await;
    let refused = world.press(&token, "a line").origin(FOREIGN).send().await;
    refused.problem(403, "origin_not_allowed");
    assert_eq!(refused.header(ALLOW), None);
    let refused = world.post("/v1/debits", &json!({})).key(&token).idem().origin(FOREIGN).send().await;
    refused.problem(403, "origin_not_allowed");
    assert_eq!(world.available(&shop.key).await, "25");
}

#[tokio::test]
async fn a_visit_needs_an_origin() {
    let world = World::start().await;
    let shop = world.shop().await;
    let visits = format!("/v1/embeds/{}/visits", shop.embed);
    world.post(&visits, &json!({})).send().await.problem(403, "origin_not_allowed");
    world.post(&visits, &json!({})).origin("null").send().await.problem(403, "origin_not_allowed");
    world
        .post(&visits, &json!({}))
        .origin("https://site.example.evil.example")
        .send()
        .await
        .problem(403, "origin_not_allowed");
    let token = world.visit(&shop).await;
    world.press(&token, "from the owner's backend").send().await.expect(200);
}

#[tokio::test]
async fn errors_can_be_read_by_the_page_too() {
    let world = World::start().await;
    let shop = world.shop_with(json!({}), json!({"prompt_runs_per_user": 0})).await;
    let token = world.visit(&shop).await;
    let exposed = "Idempotency-Replayed, Retry-After, ETag";
    for (reply, status) in [
        (world.press(&token, "x").origin(SITE).send().await, 429),
        (world.press("nonsense", "x").origin(SITE).send().await, 401),
        (world.post("/v1/runs", &json!({})).key(&token).origin(SITE).send().await, 400),
        (world.get("/v1/embeds/emb_x").origin(SITE).send().await, 404),
        (world.raw(Method::PUT, "/v1/runs").origin(SITE).send().await, 405),
    ] {
        assert_eq!((reply.status, reply.header(ALLOW)), (status, Some(SITE)));
        assert_eq!(reply.header("access-control-expose-headers"), Some(exposed));
        assert!(reply.headers.get_all("vary").iter().any(|value| value == "Origin"));
    }
}

#[tokio::test]
async fn any_page_may_read_the_price_book() {
    let world = World::start().await;
    let reply = world.get("/v1/price-book").origin(FOREIGN).send().await;
    let book = reply.expect(200);
    assert_eq!(reply.header(ALLOW), Some("*"));
    assert_eq!(book["version"], 1);
    assert!(book["models"].as_array().unwrap().iter().any(|model| model["id"] == "openai/gpt-4"));
    let again = world.get("/v1/price-book").header("if-none-match", reply.header("etag").unwrap()).send().await;
    assert_eq!(again.status, 304);
}
