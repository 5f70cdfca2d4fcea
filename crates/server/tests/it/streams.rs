use serde_json::json;

use crate::support::{World, events, uuid};

#[tokio::test]
async fn a_lost_connection_does_not_stop_a_run_and_the_rest_can_be_read() {
    let world = World::with(&["--provider-timeout", "60"]).await;
    let shop = world.shop().await;
    let token = world.visit(&shop).await;
    let key = uuid();
    let body = json!({"fields": {"topic": "wait"}});
    let mut lost = world.post("/v1/runs", &body).key(&token).idem_key(&key).open().await;
    let mut seen = String::new();
    while !seen.contains("Hello") {
        seen.push_str(std::str::from_utf8(&lost.chunk().await.unwrap().unwrap()).unwrap());
    }
    drop(lost);
    let begun = events(&seen);
    let id = begun[0].data["id"].as_str().unwrap().to_owned();
    let state = world.get(&format!("/v1/runs/{id}")).key(&token).send().await.expect(200);
    assert_eq!((&state["state"], &state["output"]), (&json!("running"), &json!("Hello ")));

    let read = |last: Option<&str>| {
        let call = world.get(&format!("/v1/runs/{id}/events")).key(&token);
        tokio::spawn(match last {
            Some(last) => call.header("last-event-id", last).send(),
            None => call.header("accept", "text/event-stream").send(),
        })
    };
    let last = begun.last().unwrap().id.clone();
    let live = [read(Some(&last)), read(Some("nonsense")), read(None)];
    let again = tokio::spawn(world.post("/v1/runs", &body).key(&token).idem_key(&key).send());
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    world.mock.release(1);
    let again = again.await.unwrap();
    assert!(again.replayed());
    let whole = events(&again.text);
    assert_eq!(whole.iter().map(|event| event.name.as_str()).collect::<Vec<_>>(), ["run", "delta", "delta", "done"]);
    let [rest, unknown, start] = live;
    assert_eq!(events(&rest.await.unwrap().text), whole[2..]);
    assert_eq!(events(&unknown.await.unwrap().text), whole);
    assert_eq!(events(&start.await.unwrap().text), whole);
    assert_eq!((world.mock.calls(), world.available(&shop.key).await), (1, "24".to_owned()));

    // After the end it is told again from the store: the same places, the same words.
    let rest = read(Some(&last)).await.unwrap();
    assert_eq!(events(&rest.text), whole[2..]);
    let all = events(&read(None).await.unwrap().text);
    assert_eq!(all.iter().map(|event| event.name.as_str()).collect::<Vec<_>>(), ["run", "delta", "done"]);
    assert_eq!((&all[1].data["text"], &all[2]), (&json!("Hello world"), whole.last().unwrap()));
    assert_eq!(read(Some("end")).await.unwrap().text, "");
    let again = world.post("/v1/runs", &body).key(&token).idem_key(&key).send().await;
    assert!(again.replayed());
    assert_eq!(events(&again.text), all);
    let again = world.post("/v1/runs", &body).key(&token).idem_key(&key).accept("application/json").send().await;
    assert!(again.replayed());
    assert_eq!(again.expect(200)["output"], "Hello world");
}

#[tokio::test]
async fn a_stop_after_words_is_a_run_and_before_them_none() {
    let world = World::with(&["--provider-timeout", "60"]).await;
    let shop = world.shop_with(json!({}), json!({"prompt_runs_per_user": 5})).await;
    let token = world.visit(&shop).await;
    for (topic, charge, available, remaining) in [("wait", "1", "24", 4), ("mute", "0", "24", 4)] {
        let body = json!({"fields": {"topic": topic}});
        let mut stream = world.post("/v1/runs", &body).key(&token).idem().open().await;
        let mut text = String::new();
        while !text.contains(if topic == "wait" { "Hello" } else { "event: run" }) {
            text.push_str(std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap());
        }
        let id = events(&text)[0].data["id"].as_str().unwrap().to_owned();
        let stop = format!("/v1/runs/{id}/stop");
        let stopped = world.post(&stop, &json!({})).key(&token).send().await.expect(200);
        assert_eq!(stopped, json!({"id": id, "charge": charge}));
        while let Some(chunk) = stream.chunk().await.unwrap() {
            text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
        let last = events(&text).pop().unwrap();
        assert_eq!(
            (last.name.as_str(), &last.data["stopped"], &last.data["charge"]),
            ("done", &json!(true), &json!(charge))
        );
        assert_eq!(last.data["remaining"], remaining);
        assert_eq!(world.available(&shop.key).await, available);
        assert_eq!(world.post(&stop, &json!({})).key(&token).send().await.expect(200), stopped, "stopping twice");
    }
    assert_eq!(world.transactions(&shop.key).await.len(), 1);
    world.verify().await;
}

#[tokio::test]
async fn words_are_kept_for_a_while_and_the_charge_for_ever() {
    let world = World::with(&["--output-seconds", "0"]).await;
    let shop = world.shop().await;
    let token = world.visit(&shop).await;
    let key = uuid();
    let body = json!({"fields": {"topic": "rain"}});
    let press = || world.post("/v1/runs", &body).key(&token).idem_key(&key);
    let first = press().accept("application/json").send().await.expect(200);
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    world.app.store.forget_outputs(0).await.unwrap();
    let again = press().send().await;
    assert!(again.replayed());
    let told = events(&again.text);
    assert_eq!(told.iter().map(|event| event.name.as_str()).collect::<Vec<_>>(), ["run", "done"]);
    assert_eq!((&told[1].data["output_expired"], &told[1].data["charge"]), (&json!(true), &json!("1")));
    assert_eq!(told[1].data["id"], first["id"]);
    let again = press().accept("application/json").send().await.expect(200);
    assert_eq!((&again["output_expired"], &again["id"]), (&json!(true), &first["id"]));
    assert_eq!(world.available(&shop.key).await, "24");
}

#[tokio::test]
async fn the_json_form_waits_for_no_other_request() {
    let world = World::with(&["--provider-timeout", "60"]).await;
    let shop = world.shop().await;
    let token = world.visit(&shop).await;
    let key = uuid();
    let press = || {
        let body = json!({"fields": {"topic": "wait"}});
        world.post("/v1/runs", &body).key(&token).idem_key(&key).accept("application/json")
    };
    let first = tokio::spawn(press().send());
    world.mock.asked(1).await;
    press().send().await.problem(409, "request_in_progress");
    world.mock.release(1);
    let first = first.await.unwrap().expect(200);
    let again = press().send().await;
    assert!(again.replayed());
    assert_eq!(again.expect(200), first);
}
