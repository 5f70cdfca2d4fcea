use futures_util::future::join_all;
use serde_json::json;

use crate::support::{World, uuid};

#[tokio::test]
async fn one_prompt_run_an_amount_and_a_usage_are_the_three_forms() {
    let world = World::start().await;
    let by_run = world.sign_up(json!({})).await["secret_key"].as_str().unwrap().to_owned();
    let one = world.post("/v1/debits", &json!({})).key(&by_run).idem().send().await.expect(201);
    assert!(one["id"].as_str().unwrap().starts_with("txn_"));
    assert_eq!(
        (&one["kind"], &one["amount"], &one["legs"]),
        (&json!("debit"), &json!("1"), &json!([{"from": "allowance", "amount": "1"}]))
    );
    assert_eq!(one["items"][0]["amount"], "1");
    assert_eq!(one["balance"]["available"], "24");
    let part = world
        .post("/v1/debits", &json!({"amount": "0.250", "note": "half"}))
        .key(&by_run)
        .idem()
        .send()
        .await
        .expect(201);
    assert_eq!((&part["amount"], &part["balance"]["available"]), (&json!("0.25"), &json!("23.75")));

    let metered = world.sign_up(json!({"tariff": "metered"})).await["secret_key"].as_str().unwrap().to_owned();
    world.post("/v1/topups", &json!({"credits": "5"})).key(&metered).idem().send().await.expect(201);
    let usage = json!({"kind": "pipeline", "usage": [
        {"model": "openai/gpt-4", "input_tokens": "1200", "output_tokens": "300"},
        {"model": "azure/translate", "characters": "2500"},
    ]});
    let pipeline = world.post("/v1/debits", &usage).key(&metered).idem().send().await.expect(201);
    assert_eq!((&pipeline["kind"], &pipeline["amount"]), (&json!("pipeline"), &json!("0.115")));
    let items = pipeline["items"].as_array().unwrap();
    let expected = json!({"model": "azure/translate", "unit": "character", "quantity": "2500", "credits": "10", "per": "1000000", "amount": "0.025"});
    let last = items.last().unwrap();
    assert!(expected.as_object().unwrap().iter().all(|(name, value)| &last[name] == value), "{last}");
    assert_eq!(items.len(), 3);
    assert_eq!(pipeline["legs"], json!([{"from": "prepaid", "amount": "0.115"}]));
    world.verify().await;
}

#[tokio::test]
async fn a_metered_run_a_debit_and_a_job_are_priced_by_one_book_with_the_margin_as_an_item() {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path().join("book.json");
    let prices = json!([{"unit": "input_token", "credits": "1", "per": "3"}, {"unit": "output_token", "credits": "2", "per": "7"}]);
    let row = json!({"id": "openai/gpt-4", "supplier": "Acme", "name": "n", "task": "generate", "valid_from": "2024-01-01", "prices": prices});
    std::fs::write(&book, json!({"version": 1, "models": [row]}).to_string()).unwrap();
    let world = World::with(&["--price-book", book.to_str().unwrap(), "--margin", "0.2"]).await;
    let shop = world.shop_with(json!({"tariff": "metered"}), json!({})).await;
    world.post("/v1/topups", &json!({"credits": "1000"})).key(&shop.key).idem().send().await.expect(201);
    let token = world.visit(&shop).await;
    // The provider counts 10 and 2.
    world.press(&token, "rain").send().await.expect(200);
    let usage = json!([{"model": "openai/gpt-4", "input_tokens": "10", "output_tokens": "2"}]);
    for body in [
        json!({"usage": usage}),
        json!({"usage": usage, "kind": "pipeline"}),
        json!({"usage": usage, "kind": "benchmark"}),
    ] {
        world.post("/v1/debits", &body).key(&shop.key).idem().send().await.expect(201);
    }
    let rows = world.transactions(&shop.key).await;
    let kinds: Vec<&str> = rows.iter().map(|row| row["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["benchmark", "pipeline", "debit", "run", "topup"]);
    for row in &rows[..4] {
        // 10/3 and 4/7 up, a fifth of their sum up.
        assert_eq!(row["amount"], "-4.685714288", "{row}");
        let path = format!("/v1/transactions/{}", row["id"].as_str().unwrap());
        let items = world.get(&path).key(&shop.key).send().await.expect(200)["items"].clone();
        let line = |unit: &str, quantity: &str, credits: &str, per: &str, amount: &str| json!({"model": "openai/gpt-4", "supplier": "Acme", "unit": unit, "quantity": quantity, "credits": credits, "per": per, "amount": amount, "valid_from": "2024-01-01"});
        assert_eq!(items[0], line("input_token", "10", "1", "3", "3.333333334"));
        assert_eq!(items[1], line("output_token", "2", "2", "7", "0.571428572"));
        assert_eq!((&items[2]["unit"], &items[2]["amount"]), (&json!("margin"), &json!("0.780952382")));
    }
    world.verify().await;
}

#[tokio::test]
async fn a_form_that_does_not_fit_the_tariff_is_refused() {
    let world = World::start().await;
    let by_run = world.shop().await;
    let metered = world.shop_with(json!({"tariff": "metered"}), json!({})).await;
    world.post("/v1/topups", &json!({"credits": "5"})).key(&metered.key).idem().send().await.expect(201);
    let usage = json!({"model": "openai/gpt-4", "input_tokens": "1200", "output_tokens": "300"});
    for (key, body, pointer) in [
        (&by_run.key, json!({"usage": [usage]}), "/usage"),
        (&by_run.key, json!({"amount": "1", "usage": [usage]}), "/usage"),
        (&by_run.key, json!({"amount": "0"}), "/amount"),
        (&by_run.key, json!({"amount": 1}), "/amount"),
        (&by_run.key, json!({"amount": "1e3"}), "/amount"),
        (&by_run.key, json!({"amount": "-1"}), "/amount"),
        (&by_run.key, json!({"amount": "+1"}), "/amount"),
        (&by_run.key, json!({"amount": "0.0000000001"}), "/amount"),
        (&by_run.key, json!({"amount": "9000000000.1"}), "/amount"),
        (&by_run.key, json!({"kind": "pipeline"}), "/kind"),
        (&by_run.key, json!({"visitor": "x"}), "/embed"),
        (&by_run.key, json!({"embed": "emb_x"}), "/embed"),
        (&by_run.key, json!({"embed": metered.embed}), "/embed"),
        (&by_run.key, json!({"embed": by_run.embed, "visitor": "a b"}), "/visitor"),
        (&by_run.key, json!({"note": "x".repeat(501)}), "/note"),
        (&metered.key, json!({}), ""),
        (&metered.key, json!({"usage": []}), "/usage"),
        (&metered.key, json!({"usage": [{"model": "nobody/knows", "input_tokens": "1"}]}), "/usage/0/model"),
        (&metered.key, json!({"usage": [usage, {"input_tokens": "1"}]}), "/usage/1/model"),
        (&metered.key, json!({"usage": [{"model": "openai/gpt-4", "input_tokens": 1200}]}), "/usage/0/input_tokens"),
        (&metered.key, json!({"usage": [{"model": "openai/gpt-4", "input_tokens": "1.5"}]}), "/usage/0/input_tokens"),
        (&metered.key, json!({"usage": [{"model": "openai/gpt-4", "characters": "5"}]}), "/usage/0/characters"),
        (&metered.key, json!({"usage": [{"model": "openai/gpt-4", "tokens": "5"}]}), "/usage/0/tokens"),
    ] {
        world.post("/v1/debits", &body).key(key).idem().send().await.invalid(pointer);
    }
    let token = world.visit(&metered).await;
    world.post("/v1/debits", &json!({})).key(&token).idem().send().await.problem(422, "invalid_request");
    assert_eq!(world.available(&metered.key).await, "5");
}

#[tokio::test]
async fn a_visitors_debit_counts_the_visitor_and_shows_no_balance() {
    let world = World::start().await;
    let shop = world.shop_with(json!({}), json!({"prompt_runs_per_user": 1})).await;
    let token = world.visit(&shop).await;
    let debit = world.post("/v1/debits", &json!({})).key(&token).idem().send().await.expect(201);
    assert!(debit.get("balance").is_none());
    let capped = world.post("/v1/debits", &json!({})).key(&token).idem().send().await;
    assert_eq!(capped.problem(429, "visitor_cap_reached")["message"], "Enough!");
    assert_eq!(world.available(&shop.key).await, "24");
}

#[tokio::test]
async fn an_owner_who_names_embed_and_visitor_has_the_limit_counted() {
    let world = World::start().await;
    let shop = world.shop_with(json!({}), json!({"prompt_runs_per_user": 1})).await;
    let body = json!({"embed": shop.embed, "visitor": "reader-1"});
    world.post("/v1/debits", &body).key(&shop.key).idem().send().await.expect(201);
    world.post("/v1/debits", &body).key(&shop.key).idem().send().await.problem(429, "visitor_cap_reached");
    let other = json!({"embed": shop.embed, "visitor": "reader-2"});
    world.post("/v1/debits", &other).key(&shop.key).idem().send().await.expect(201);
    let uncounted = json!({"embed": shop.embed});
    world.post("/v1/debits", &uncounted).key(&shop.key).idem().send().await.expect(201);
}

#[tokio::test]
async fn parallel_debits_spend_exactly_what_there_is() {
    let world = World::start().await;
    let key = world.sign_up(json!({})).await["secret_key"].as_str().unwrap().to_owned();
    let calls = (0..64).map(|_| world.post("/v1/debits", &json!({"amount": "2"})).key(&key).idem().send());
    let replies = join_all(calls).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 12);
    let poor = replies.iter().find(|reply| reply.status != 201).unwrap().problem(402, "insufficient_credits");
    assert_eq!((&poor["available"], &poor["required"]), (&json!("1"), &json!("2")));
    assert!(poor["next_return"]["at"].is_string());
    let returns = world.get("/v1/account/returns").key(&key).send().await.expect(200);
    assert!(!returns["returns"].as_array().unwrap().is_empty());
    world.verify().await;
}

#[tokio::test]
async fn a_refund_gives_back_prepaid_first_and_never_more_than_the_debit() {
    let world = World::start().await;
    let key = world.sign_up(json!({})).await["secret_key"].as_str().unwrap().to_owned();
    world.post("/v1/topups", &json!({"credits": "5"})).key(&key).idem().send().await.expect(201);
    let debit = world.post("/v1/debits", &json!({"amount": "27"})).key(&key).idem().send().await.expect(201);
    assert_eq!(debit["legs"], json!([{"from": "allowance", "amount": "25"}, {"from": "prepaid", "amount": "2"}]));
    let path = format!("/v1/debits/{}/refunds", debit["id"].as_str().unwrap());
    let first = world.post(&path, &json!({"amount": "3"})).key(&key).idem().send().await.expect(201);
    assert_eq!((&first["kind"], &first["amount"]), (&json!("refund"), &json!("3")));
    assert_eq!(first["legs"], json!([{"to": "prepaid", "amount": "2"}, {"to": "allowance", "amount": "1"}]));
    world.post(&path, &json!({"amount": "25"})).key(&key).idem().send().await.invalid("/amount");
    world.post(&path, &json!({"amount": "0"})).key(&key).idem().send().await.invalid("/amount");
    let rest = world.raw(reqwest::Method::POST, &path).key(&key).idem().send().await.expect(201);
    assert_eq!(rest["amount"], "24", "nothing said: all that is left");
    let refunds = format!("/v1/debits/{}/refunds", rest["id"].as_str().unwrap());
    world.post(&refunds, &json!({})).key(&key).idem().send().await.problem(422, "invalid_request");
    assert_eq!(world.available(&key).await, "30");
    let none = format!("/v1/debits/{}/refunds", uuid().replace("srv", "txn"));
    world.post(&none, &json!({})).key(&key).idem().send().await.problem(404, "not_found");
    world.verify().await;
}

#[tokio::test]
async fn the_owner_reads_every_row_by_kind_by_page_and_as_a_table() {
    let world = World::start().await;
    let key = world.sign_up(json!({})).await["secret_key"].as_str().unwrap().to_owned();
    world.post("/v1/topups", &json!({"credits": "5"})).key(&key).idem().send().await.expect(201);
    let mut ids = Vec::new();
    for note in ["=1+1", "plain \"quoted\"", "third"] {
        let debit = world.post("/v1/debits", &json!({"note": note})).key(&key).idem().send().await.expect(201);
        ids.push(debit["id"].clone());
    }
    ids.reverse();
    let all = world.transactions(&key).await;
    assert_eq!(
        all.iter().map(|row| row["kind"].as_str().unwrap()).collect::<Vec<_>>(),
        ["debit", "debit", "debit", "topup"]
    );
    assert_eq!((&all[0]["amount"], &all[3]["amount"]), (&json!("-1"), &json!("5")));
    let first = world.get("/v1/transactions?kind=debit&limit=2").key(&key).send().await.expect(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    let path = format!("/v1/transactions?kind=debit&limit=2&cursor={cursor}");
    let second = world.get(&path).key(&key).send().await.expect(200);
    let seen: Vec<_> = [&first, &second]
        .iter()
        .flat_map(|page| page["data"].as_array().unwrap())
        .map(|row| row["id"].clone())
        .collect();
    assert_eq!(seen, ids);
    assert_eq!(second["next_cursor"], json!(null));
    let at = all[0]["created_at"].as_str().unwrap();
    let before = world.get(&format!("/v1/transactions?to={at}")).key(&key).send().await.expect(200);
    assert!(before["data"].as_array().unwrap().iter().all(|row| row["created_at"].as_str().unwrap() < at));
    let from = world.get(&format!("/v1/transactions?from={at}")).key(&key).send().await.expect(200);
    assert_eq!(from["data"][0]["id"], all[0]["id"]);
    let csv = world.get("/v1/transactions.csv").key(&key).send().await;
    assert_eq!((csv.status, csv.header("content-type")), (200, Some("text/csv; charset=utf-8")));
    assert_eq!(csv.text.lines().count(), 5);
    assert!(csv.text.contains("\"Debit: plain \"\"quoted\"\"\""));
    world.get("/v1/transactions?kind=gift").key(&key).send().await.invalid("kind");
    world.get("/v1/transactions?from=yesterday").key(&key).send().await.invalid("from");
    world.get("/v1/transactions?cursor=nonsense").key(&key).send().await.problem(422, "invalid_request");
}
