use serde_json::json;

use crate::support::{SITE, World};

#[tokio::test]
async fn a_page_reads_the_form_and_never_the_prompt_or_a_balance() {
    let world = World::start().await;
    let shop = world.shop_with(json!({}), json!({"prompt_runs_per_user": 5, "theme": {"accent": "#f00"}})).await;
    let reply = world.get(&format!("/v1/embeds/{}", shop.embed)).origin(SITE).send().await;
    let expected = json!({
        "id": shop.embed,
        "pickaxe": {
            "id": shop.pickaxe, "name": "Poet", "description": "Writes a line",
            "fields": [{"name": "topic", "label": "Topic", "kind": "textarea", "required": true, "placeholder": null,
                "max_length": 200, "options": null}],
            "submit_label": "Run",
        },
        "prompt_runs_per_user": 5, "window_seconds": 2_592_000, "limit_message": "Enough!", "limit_url": null,
        "tariff": "prompt_run", "theme": {"accent": "#f00"}, "locale": "en",
    });
    assert_eq!(reply.expect(200), expected);
    assert_eq!(reply.header("cache-control"), Some("public, max-age=30"));
    let tag = reply.header("etag").unwrap();
    let again = world.get(&format!("/v1/embeds/{}", shop.embed)).header("if-none-match", tag).send().await;
    assert_eq!((again.status, again.text.as_str(), again.header("etag")), (304, "", Some(tag)));
}

#[tokio::test]
async fn a_moved_slider_shows_at_once_and_changes_the_tag() {
    let world = World::start().await;
    let shop = world.shop_with(json!({}), json!({"prompt_runs_per_user": 5})).await;
    let public = format!("/v1/embeds/{}", shop.embed);
    let before = world.get(&public).send().await;
    let settings = json!({"allowed_origins": [SITE], "prompt_runs_per_user": 0});
    world.put(&format!("{public}/settings"), &settings).key(&shop.key).send().await.expect(200);
    let after = world.get(&public).send().await;
    assert_eq!(after.expect(200)["prompt_runs_per_user"], 0);
    assert_ne!(after.header("etag"), before.header("etag"));
}

#[tokio::test]
async fn settings_are_read_replaced_and_deleted_and_come_with_a_snippet() {
    let world = World::with(&["--public-url", "https://scrip.example/"]).await;
    let shop = world.shop().await;
    let path = format!("/v1/embeds/{}/settings", shop.embed);
    let shown = world.get(&path).key(&shop.key).send().await;
    let snippet =
        format!("<script async src=\"https://scrip.example/embed.js\" data-embed=\"{}\"></script>", shop.embed);
    assert_eq!(shown.expect(200)["snippet"], snippet);
    let tag = shown.header("etag").unwrap();
    let new = json!({"allowed_origins": ["https://Other.example:443"], "window_seconds": null, "limit_url": "https://x.example/buy"});
    let put = world.put(&path, &new).key(&shop.key).header("if-match", tag).send().await.expect(200);
    assert_eq!(put["allowed_origins"], json!(["https://other.example"]));
    assert_eq!((&put["window_seconds"], &put["prompt_runs_per_user"]), (&json!(null), &json!(5)));
    world.put(&path, &new).key(&shop.key).header("if-match", tag).send().await.problem(409, "edit_conflict");
    assert_eq!(world.delete(&path).key(&shop.key).send().await.status, 204);
    world.get(&path).key(&shop.key).send().await.problem(404, "not_found");
    let visits = format!("/v1/embeds/{}/visits", shop.embed);
    world.post(&visits, &json!({})).origin(SITE).send().await.problem(404, "not_found");
}

#[tokio::test]
async fn a_pickaxe_has_several_embeds_each_with_its_own_limit() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = format!("/v1/pickaxes/{}/embeds", shop.pickaxe);
    let second = json!({"allowed_origins": [], "prompt_runs_per_user": 2});
    world.post(&path, &second).key(&shop.key).send().await.expect(201);
    let list = world.get(&path).key(&shop.key).send().await.expect(200);
    let limits: Vec<_> =
        list["data"].as_array().unwrap().iter().map(|row| row["prompt_runs_per_user"].clone()).collect();
    assert_eq!(limits, [json!(2), json!(null)]);
}

#[tokio::test]
async fn settings_that_mean_nothing_are_pointed_at() {
    let world = World::start().await;
    let shop = world.shop().await;
    let path = format!("/v1/embeds/{}/settings", shop.embed);
    for (body, pointer) in [
        (json!({"allowed_origins": ["*"]}), "/allowed_origins/0"),
        (json!({"allowed_origins": ["https://a.example", "https://b.example/path"]}), "/allowed_origins/1"),
        (json!({"allowed_origins": "https://a.example"}), "/allowed_origins"),
        (json!({"prompt_runs_per_user": -1}), "/prompt_runs_per_user"),
        (json!({"prompt_runs_per_user": 1.5}), "/prompt_runs_per_user"),
        (json!({"prompt_runs_per_user": "5"}), "/prompt_runs_per_user"),
        (json!({"window_seconds": 0}), "/window_seconds"),
        (json!({"limit_message": "x".repeat(501)}), "/limit_message"),
        (json!({"limit_url": "javascript:alert(1)"}), "/limit_url"),
        (json!({"locale": "e"}), "/locale"),
        (json!({"daily_budget": 50}), "/daily_budget"),
        (json!({"daily_budget": "-1"}), "/daily_budget"),
        (json!({"snippet": "x"}), "/snippet"),
    ] {
        world.put(&path, &body).key(&shop.key).send().await.invalid(pointer);
    }
}
