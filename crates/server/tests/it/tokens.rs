use scrip_server::{
    ids::KeyId,
    tokens::{Claims, mint},
};
use serde_json::json;

use crate::support::{SITE, Shop, World};

fn claims(world: &World, shop: &Shop, seconds: i64, cap: Option<Option<u32>>) -> Claims {
    let expires = world.app.store.now().as_millis() / 1000 + seconds;
    Claims { embed: shop.embed.parse().unwrap(), visitor: "reader-7".parse().unwrap(), expires, cap }
}

fn by_backend(world: &World, shop: &Shop, seconds: i64, cap: Option<Option<u32>>) -> String {
    let key: KeyId = shop.key_id.parse().unwrap();
    mint(shop.signing_secret.as_bytes(), Some(key), &claims(world, shop, seconds, cap))
}

#[tokio::test]
async fn a_visit_names_its_visitor_and_what_is_left() {
    let world = World::start().await;
    let shop = world.shop_with(json!({}), json!({"prompt_runs_per_user": 2})).await;
    let path = format!("/v1/embeds/{}/visits", shop.embed);
    let visit = world.post(&path, &json!({})).origin(SITE).send().await.expect(201);
    assert!(visit["visitor"].as_str().unwrap().starts_with("vis_"));
    assert_eq!((&visit["cap"], &visit["remaining"], &visit["resets_at"]), (&json!(2), &json!(2), &json!(null)));
    let token = visit["token"].as_str().unwrap();
    world.press(token, "x").send().await.expect(200);
    let again = world.post(&path, &json!({"visitor": token})).origin(SITE).send().await.expect(201);
    assert_eq!((&again["visitor"], &again["remaining"]), (&visit["visitor"], &json!(1)));
    assert!(again["resets_at"].is_string());
}

#[tokio::test]
async fn an_expired_token_still_names_its_visitor_and_a_forged_one_nobody() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = format!("/v1/embeds/{}/visits", shop.embed);
    let old = mint(&world.app.visit_key, None, &claims(&world, &shop, -5000, None));
    world.press(&old, "x").send().await.problem(401, "unauthorized");
    let visit = world.post(&path, &json!({"visitor": old})).origin(SITE).send().await.expect(201);
    assert_eq!(visit["visitor"], "reader-7");
    let forged = mint(b"guess", None, &claims(&world, &shop, 600, None));
    world.press(&forged, "x").send().await.problem(401, "unauthorized");
    for text in [forged.as_str(), "nonsense", ""] {
        let visit = world.post(&path, &json!({"visitor": text})).origin(SITE).send().await.expect(201);
        assert!(visit["visitor"].as_str().unwrap().starts_with("vis_"));
    }
}

#[tokio::test]
async fn an_owners_backend_signs_its_own_visitors() {
    let world = World::start().await;
    let shop = world.shop_with(json!({}), json!({"prompt_runs_per_user": 0})).await;
    world.press(&by_backend(&world, &shop, 600, None), "x").send().await.problem(429, "visitor_cap_reached");
    let run = world.press(&by_backend(&world, &shop, 600, Some(Some(1))), "x").send().await.expect(200);
    assert_eq!(run["remaining"], 0, "the token's cap replaces the embed's");
    let run = world.press(&by_backend(&world, &shop, 600, Some(None)), "x").send().await.expect(200);
    assert_eq!(run["remaining"], json!(null));
    world.press(&by_backend(&world, &shop, 3600, None), "x").send().await.problem(429, "visitor_cap_reached");
    world.press(&by_backend(&world, &shop, 7200, None), "x").send().await.problem(401, "unauthorized");
    world.press(&by_backend(&world, &shop, 0, None), "x").send().await.problem(401, "unauthorized");
}

#[tokio::test]
async fn another_owners_key_signs_nothing_here() {
    let world = World::start().await;
    let (shop, thief) = (world.shop().await, world.shop().await);
    let key: KeyId = thief.key_id.parse().unwrap();
    let token = mint(thief.signing_secret.as_bytes(), Some(key), &claims(&world, &shop, 600, None));
    world.press(&token, "x").send().await.problem(401, "unauthorized");
    let token = mint(shop.signing_secret.as_bytes(), Some(KeyId::generate()), &claims(&world, &shop, 600, None));
    world.press(&token, "x").send().await.problem(401, "unauthorized");
    world.delete(&format!("/v1/keys/{}", shop.key_id)).key(&shop.key).send().await;
    world.press(&by_backend(&world, &shop, 600, None), "x").send().await.problem(401, "unauthorized");
}

#[tokio::test]
async fn a_visitor_is_a_stranger_on_owner_routes() {
    let world = World::start().await;
    let shop = world.shop().await;
    let token = world.visit(&shop).await;
    for path in ["/v1/account", "/v1/transactions", "/v1/keys", "/v1/pickaxes", "/v1/account/returns"] {
        world.get(path).key(&token).send().await.problem(403, "forbidden");
    }
    world.post("/v1/holds", &json!({"amount": "1"})).key(&token).idem().send().await.problem(403, "forbidden");
    world.post("/v1/topups", &json!({"credits": "1"})).key(&token).idem().send().await.problem(403, "forbidden");
    for body in [json!({"amount": "1"}), json!({"usage": []}), json!({"embed": "emb_x"}), json!({"visitor": "other"})] {
        world.post("/v1/debits", &body).key(&token).idem().send().await.problem(403, "forbidden");
    }
    let other = json!({"pickaxe": shop.pickaxe, "fields": {}});
    world.post("/v1/runs", &other).key(&token).idem().send().await.problem(403, "forbidden");
    assert_eq!(world.available(&shop.key).await, "25");
}
