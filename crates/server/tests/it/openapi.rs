use serde_json::{Value, json};

use crate::support::World;

#[tokio::test]
async fn every_route_is_described_with_its_problems() {
    let world = World::start().await;
    let document = world.get("/openapi.json").send().await.expect(200);
    assert!(document["openapi"].as_str().unwrap().starts_with("3."));
    for (path, methods) in [
        ("/v1/accounts", "post"),
        ("/v1/account", "get"),
        ("/v1/pickaxes/{pkx}", "get put delete"),
        ("/v1/embeds/{emb}/settings", "get put delete"),
        ("/v1/embeds/{emb}/visits", "post"),
        ("/v1/runs/{run}/events", "get"),
        ("/v1/debits/{txn}/refunds", "post"),
        ("/v1/transactions", "get"),
        ("/v1/price-book", "get"),
        ("/healthz", "get"),
    ] {
        for method in methods.split(' ') {
            let operation = &document["paths"][path][method];
            assert!(operation["responses"]["default"].is_object(), "{method} {path}");
            assert!(operation["summary"].is_string(), "{method} {path}");
        }
    }
    assert!(document["components"]["schemas"]["Problem"].is_object());
    unresolved(&document, &document);
}

/// Every reference leads somewhere.
fn unresolved(document: &Value, value: &Value) {
    match value {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
            }
            members.values().for_each(|value| unresolved(document, value));
        }
        Value::Array(values) => values.iter().for_each(|value| unresolved(document, value)),
        _ => {}
    }
}

#[tokio::test]
async fn metrics_count_what_happened() {
    let world = World::start().await;
    let shop = world.shop().await;
    let token = world.visit(&shop).await;
    world.press(&token, "rain").send().await.expect(200);
    world.press(&token, "cut").send().await.problem(502, "provider_failed");
    world.post("/v1/debits", &json!({})).key(&shop.key).idem().send().await.expect(201);
    let text = world.get("/metrics").send().await.text;
    for line in [
        "scrip_runs_total{end=\"done\"} 1",
        "scrip_runs_total{end=\"void\"} 1",
        "scrip_debits_total 1",
        "scrip_runs_running 0",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    assert!(text.contains("scrip_requests_total{status=\"2xx\"}") && text.contains("scrip_store_commits_total"));
}
