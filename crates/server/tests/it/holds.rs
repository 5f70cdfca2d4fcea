use serde_json::json;

use crate::support::{World, uuid};

#[tokio::test]
async fn a_hold_reserves_is_settled_for_less_and_frees_the_rest() {
    let world = World::start().await;
    let key = world.sign_up(json!({})).await["secret_key"].as_str().unwrap().to_owned();
    let hold = world.post("/v1/holds", &json!({"amount": "20"})).key(&key).idem().send().await.expect(201);
    assert!(hold["id"].as_str().unwrap().starts_with("hld_") && hold["expires_at"].is_string());
    let balance = world.balance(&key).await;
    assert_eq!((&balance["available"], &balance["held"]), (&json!("5"), &json!("20")));
    let path = format!("/v1/holds/{}", hold["id"].as_str().unwrap());
    let settle = format!("{path}/settle");
    world.post(&settle, &json!({"amount": "21"})).key(&key).idem().send().await.invalid("/amount");
    world.post(&settle, &json!({"amount": "0"})).key(&key).idem().send().await.invalid("/amount");
    let settled = world.post(&settle, &json!({"amount": "8"})).key(&key).idem_key("s").send().await.expect(201);
    assert_eq!((&settled["amount"], &settled["balance"]["available"]), (&json!("8"), &json!("17")));
    let again = world.post(&settle, &json!({"amount": "8"})).key(&key).idem_key("s").send().await;
    assert!(again.replayed());
    assert_eq!(again.expect(201), settled);
    world.post(&settle, &json!({})).key(&key).idem().send().await.problem(409, "hold_closed");
    world.post(&format!("{path}/void"), &json!({})).key(&key).idem().send().await.problem(409, "hold_closed");
    world.verify().await;
}

#[tokio::test]
async fn a_void_hold_frees_everything_and_a_whole_one_spends_everything() {
    let world = World::start().await;
    let key = world.sign_up(json!({})).await["secret_key"].as_str().unwrap().to_owned();
    let mut paths = Vec::new();
    for _ in 0..2 {
        let hold = world
            .post("/v1/holds", &json!({"amount": "10", "expires_in": 60}))
            .key(&key)
            .idem()
            .send()
            .await
            .expect(201);
        paths.push(format!("/v1/holds/{}", hold["id"].as_str().unwrap()));
    }
    let void = world.raw(reqwest::Method::POST, &format!("{}/void", paths[0])).key(&key).idem().send().await;
    assert_eq!(void.expect(200)["amount"], "10");
    let whole =
        world.raw(reqwest::Method::POST, &format!("{}/settle", paths[1])).key(&key).idem().send().await.expect(201);
    assert_eq!((&whole["amount"], &whole["items"][0]["amount"]), (&json!("10"), &json!("10")));
    assert_eq!(world.available(&key).await, "15");
}

#[tokio::test]
async fn what_no_hold_can_be_is_refused() {
    let world = World::start().await;
    let key = world.sign_up(json!({})).await["secret_key"].as_str().unwrap().to_owned();
    for (body, pointer) in [
        (json!({}), "/amount"),
        (json!({"amount": "0"}), "/amount"),
        (json!({"amount": "1", "expires_in": 0}), "/expires_in"),
        (json!({"amount": "1", "expires_in": 86401}), "/expires_in"),
        (json!({"amount": "1", "expires_in": "60"}), "/expires_in"),
    ] {
        world.post("/v1/holds", &body).key(&key).idem().send().await.invalid(pointer);
    }
    world
        .post("/v1/holds", &json!({"amount": "26"}))
        .key(&key)
        .idem()
        .send()
        .await
        .problem(402, "insufficient_credits");
    let none = format!("/v1/holds/{}/void", uuid().replace("srv", "hld"));
    world.post(&none, &json!({})).key(&key).idem().send().await.problem(404, "not_found");
}

#[tokio::test]
async fn a_hold_that_expired_is_closed() {
    let world = World::start().await;
    let key = world.sign_up(json!({})).await["secret_key"].as_str().unwrap().to_owned();
    let hold =
        world.post("/v1/holds", &json!({"amount": "10", "expires_in": 1})).key(&key).idem().send().await.expect(201);
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    let settle = format!("/v1/holds/{}/settle", hold["id"].as_str().unwrap());
    world.post(&settle, &json!({})).key(&key).idem().send().await.problem(409, "hold_closed");
    world.app.store.release_expired().await.unwrap();
    assert_eq!(world.available(&key).await, "25");
    world.verify().await;
}
