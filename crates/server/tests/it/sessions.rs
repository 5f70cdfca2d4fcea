use serde_json::json;

use crate::support::World;

#[tokio::test]
async fn a_session_acts_for_its_owner_from_the_servers_own_pages_only() {
    let world = World::start().await;
    let made = world.sign_up(json!({"email": "ann@example.com", "password": "correct horse"})).await;
    let wrong = json!({"email": "ann@example.com", "password": "wrong horse"});
    world.post("/v1/sessions", &wrong).send().await.problem(401, "unauthorized");
    let unknown = json!({"email": "bob@example.com", "password": "correct horse"});
    world.post("/v1/sessions", &unknown).send().await.problem(401, "unauthorized");
    let right = json!({"email": "Ann@example.com", "password": "correct horse"});
    let signed_in = world.post("/v1/sessions", &right).send().await;
    assert_eq!(signed_in.expect(201)["account"], made["account"]["id"]);
    let cookie = signed_in.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
    let cookie = cookie.split(';').next().unwrap();

    world.get("/v1/account").header("cookie", cookie).send().await.expect(200);
    let debit = || world.post("/v1/debits", &json!({})).header("cookie", cookie).idem();
    debit().send().await.problem(403, "forbidden");
    debit().origin("https://thief.example").send().await.problem(403, "forbidden");
    debit().origin(&world.base).send().await.expect(201);
    let keys = world.get("/v1/keys").header("cookie", cookie).send().await.expect(200);
    assert_eq!(keys["data"].as_array().unwrap().len(), 1, "a session is no key");
    let secret = cookie.split('=').nth(1).unwrap();
    world.get("/v1/account").key(secret).send().await.problem(401, "unauthorized");
    let key = made["secret_key"].as_str().unwrap();
    let stolen = format!("scrip_session={key}");
    world.get("/v1/account").header("cookie", &stolen).send().await.problem(401, "unauthorized");

    let out = world.delete("/v1/sessions/current").header("cookie", cookie).origin(&world.base).send().await;
    assert_eq!(out.status, 204);
    assert!(out.header("set-cookie").unwrap().contains("Max-Age=0"));
    world.get("/v1/account").header("cookie", cookie).send().await.problem(401, "unauthorized");
}
