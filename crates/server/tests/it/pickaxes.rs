use serde_json::json;

use crate::support::{World, pickaxe};

#[tokio::test]
async fn a_pickaxe_is_made_read_replaced_and_deleted() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = format!("/v1/pickaxes/{}", shop.pickaxe);
    let shown = world.get(&path).key(&shop.key).send().await;
    let body = shown.expect(200);
    assert_eq!((&body["name"], &body["listed"], &body["submit_label"]), (&json!("Poet"), &json!(true), &json!(null)));
    let tag = shown.header("etag").unwrap().to_owned();
    let mut other = pickaxe();
    other["name"] = json!("Bard");
    let put = world.put(&path, &other).key(&shop.key).header("if-match", &tag).send().await;
    assert_eq!(put.expect(200)["name"], "Bard");
    assert_ne!(put.header("etag").unwrap(), tag);
    world.put(&path, &other).key(&shop.key).header("if-match", &tag).send().await.problem(409, "edit_conflict");
    let list = world.get("/v1/pickaxes").key(&shop.key).send().await.expect(200);
    assert_eq!((&list["data"][0]["id"], &list["next_cursor"]), (&json!(shop.pickaxe), &json!(null)));
    assert_eq!(world.delete(&path).key(&shop.key).send().await.status, 204);
    world.get(&path).key(&shop.key).send().await.problem(404, "not_found");
    world.get(&format!("/v1/embeds/{}", shop.embed)).send().await.problem(404, "not_found");
}

#[tokio::test]
async fn another_accounts_objects_are_not_found() {
    let world = World::start().await;
    let (shop, other) = (world.shop().await, world.shop().await);
    let key = &other.key;
    let (pickaxe, embed) = (format!("/v1/pickaxes/{}", shop.pickaxe), format!("/v1/embeds/{}/settings", shop.embed));
    world.get(&pickaxe).key(key).send().await.problem(404, "not_found");
    world.put(&pickaxe, &crate::support::pickaxe()).key(key).send().await.problem(404, "not_found");
    world.delete(&pickaxe).key(key).send().await.problem(404, "not_found");
    world.get(&format!("{pickaxe}/embeds")).key(key).send().await.problem(404, "not_found");
    world.post(&format!("{pickaxe}/embeds"), &json!({})).key(key).send().await.problem(404, "not_found");
    world.get(&embed).key(key).send().await.problem(404, "not_found");
    world.put(&embed, &json!({})).key(key).send().await.problem(404, "not_found");
    world.delete(&embed).key(key).send().await.problem(404, "not_found");
    world.delete(&format!("/v1/keys/{}", shop.key_id)).key(key).send().await.problem(404, "not_found");
    let debit = world.post("/v1/debits", &json!({})).key(&shop.key).idem().send().await.expect(201);
    let id = debit["id"].as_str().unwrap();
    world.get(&format!("/v1/transactions/{id}")).key(key).send().await.problem(404, "not_found");
    let refund = format!("/v1/debits/{id}/refunds");
    world.post(&refund, &json!({})).key(key).idem().send().await.problem(404, "not_found");
}

#[tokio::test]
async fn a_template_names_its_fields_each_once() {
    let world = World::start().await;
    let key = world.shop().await.key;
    let field = json!({"name": "topic"});
    for (change, pointer) in [
        (json!({"prompt": "{{nobody}}"}), "/prompt"),
        (json!({"prompt": "{{}} x"}), "/prompt"),
        (json!({"prompt": "{{topic"}), "/prompt"),
        (json!({"prompt": ""}), "/prompt"),
        (json!({"fields": [field, field]}), "/fields/1/name"),
        (json!({"fields": [{"name": "a b"}]}), "/fields/0/name"),
        (json!({"fields": [{"name": "topic", "kind": "radio"}]}), "/fields/0/kind"),
        (json!({"fields": [{"name": "topic", "kind": "select"}]}), "/fields/0/options"),
        (json!({"fields": [{"name": "topic", "max_length": 0}]}), "/fields/0/max_length"),
        (json!({"fields": [{"name": "topic", "colour": "red"}]}), "/fields/0/colour"),
        (json!({"fields": [{"label": "x"}]}), "/fields/0/name"),
        (json!({"model": "openai/unheard-of"}), "/model"),
        (json!({"max_output_tokens": 0}), "/max_output_tokens"),
        (json!({"max_output_tokens": "10"}), "/max_output_tokens"),
        (json!({"name": " "}), "/name"),
        (json!({"name": "x".repeat(201)}), "/name"),
        (json!({"id": "pkx_1"}), "/id"),
    ] {
        let mut body = pickaxe();
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        world.post("/v1/pickaxes", &body).key(&key).send().await.invalid(pointer);
    }
}

#[tokio::test]
async fn a_metered_pickaxe_needs_a_model_with_a_price_for_tokens() {
    let world = World::start().await;
    let metered = world.sign_up(json!({"tariff": "metered"})).await["secret_key"].as_str().unwrap().to_owned();
    let by_run = world.sign_up(json!({})).await["secret_key"].as_str().unwrap().to_owned();
    let mut body = pickaxe();
    body["model"] = json!("azure/translate");
    world.post("/v1/pickaxes", &body).key(&metered).send().await.invalid("/model");
    world.post("/v1/pickaxes", &body).key(&by_run).send().await.expect(201);
}

#[tokio::test]
async fn listings_come_in_pages_newest_first() {
    let world = World::start().await;
    let key = world.sign_up(json!({})).await["secret_key"].as_str().unwrap().to_owned();
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(world.post("/v1/pickaxes", &pickaxe()).key(&key).send().await.expect(201)["id"].clone());
    }
    made.reverse();
    let (mut seen, mut path) = (Vec::new(), "/v1/pickaxes?limit=2".to_owned());
    loop {
        let page = world.get(&path).key(&key).send().await.expect(200);
        seen.extend(page["data"].as_array().unwrap().iter().map(|row| row["id"].clone()));
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/v1/pickaxes?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, made);
    for query in ["limit=0", "limit=201", "limit=x", "limit=-1"] {
        world.get(&format!("/v1/pickaxes?{query}")).key(&key).send().await.invalid("limit");
    }
    world.get("/v1/pickaxes?colour=red").key(&key).send().await.invalid("colour");
    world.get("/v1/pickaxes?limit=1&limit=2").key(&key).send().await.invalid("limit");
}
