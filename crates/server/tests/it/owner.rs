use scrip_server::{operator::Request, serve::control};
use serde_json::json;

use crate::support::World;

#[tokio::test]
async fn an_operator_reaches_a_running_server_through_its_folder() {
    let world = World::start().await;
    let shop = world.shop().await;
    let none = control::ask(world.folder(), &Request::List).await.unwrap();
    assert!(none.is_none(), "no socket yet");
    let control = control::listen(world.folder(), world.app.clone()).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(world.folder().join("scrip.sock")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let ask = async |request: Request| control::ask(world.folder(), &request).await.unwrap().unwrap();
    let grant =
        |credits: &str| Request::Grant { account: shop.account.clone(), credits: credits.to_owned(), note: None };
    assert_eq!(ask(grant("20")).await.unwrap()["available"], "45");
    assert!(ask(grant("1e3")).await.unwrap_err().contains("credits"));
    assert!(ask(grant("0")).await.is_err());
    let unknown = Request::Show { account: "nobody@example.com".to_owned() };
    assert!(ask(unknown).await.unwrap_err().contains("no such account"));
    let shown = ask(Request::Show { account: shop.account.clone() }).await.unwrap();
    assert_eq!(shown["balance"]["prepaid"], "20");
    assert_eq!(ask(Request::List).await.unwrap().as_array().unwrap().len(), 1);
    let rows = ask(Request::Transactions { account: shop.account.clone(), limit: 5 }).await.unwrap();
    assert_eq!((&rows[0]["kind"], &rows[0]["amount"]), (&json!("grant"), &json!("20")));
    let new = Request::Create { email: "new@example.com".to_owned(), password: None, metered: false };
    let made = ask(new).await.unwrap();
    world.get("/v1/account").key(made["secret_key"].as_str().unwrap()).send().await.expect(200);
    assert_eq!(ask(Request::Verify).await.unwrap(), json!([]));
    drop(control);
    assert!(!world.folder().join("scrip.sock").exists());
}
