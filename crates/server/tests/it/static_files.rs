use std::fs;

use crate::support::World;

#[tokio::test]
async fn other_sites_load_the_loader_and_the_package() {
    let world = World::start().await;
    let missing = world.get("/embed.js").send().await.problem(404, "not_found");
    assert!(missing["detail"].as_str().unwrap().contains("cargo xtask pack"));
    let assets = world.folder().join("assets");
    fs::create_dir_all(assets.join("pkg/1.0.0")).unwrap();
    fs::create_dir_all(assets.join("www/console")).unwrap();
    fs::write(assets.join("embed.js"), "loader").unwrap();
    fs::write(assets.join("pkg/1.0.0/widget_bg.wasm"), "wasm").unwrap();
    fs::write(assets.join("pkg/1.0.0/widget.js"), "plain").unwrap();
    fs::write(assets.join("pkg/1.0.0/widget.js.br"), "small").unwrap();
    fs::write(assets.join("www/index.html"), "<!doctype html>").unwrap();
    fs::write(assets.join("www/console/index.html"), "console").unwrap();

    let loader = world.get("/embed.js").send().await;
    assert_eq!((loader.status, loader.text.as_str()), (200, "loader"));
    assert_eq!(loader.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(loader.header("cache-control"), Some("public, max-age=300"));
    assert_eq!(loader.header("access-control-allow-origin"), Some("*"));
    let again = world.get("/embed.js").header("if-none-match", loader.header("etag").unwrap()).send().await;
    assert_eq!(again.status, 304);

    let wasm = world.get("/pkg/1.0.0/widget_bg.wasm").send().await;
    assert_eq!(wasm.header("content-type"), Some("application/wasm"));
    assert_eq!(wasm.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(wasm.header("cross-origin-resource-policy"), Some("cross-origin"));
    let small = world.get("/pkg/1.0.0/widget.js").header("accept-encoding", "gzip, br").send().await;
    assert_eq!((small.header("content-encoding"), small.text.as_str()), (Some("br"), "small"));
    let plain = world.get("/pkg/1.0.0/widget.js").header("accept-encoding", "identity").send().await;
    assert_eq!((plain.header("content-encoding"), plain.text.as_str()), (None, "plain"));

    let page = world.get("/").send().await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(page.header("content-security-policy").unwrap().contains("default-src 'self'"));
    assert_eq!(world.get("/console/").send().await.text, "console");
    world.get("/pkg/1.0.0/nothing.js").send().await.problem(404, "not_found");
    world.get("/pkg/..%2f..%2fmaster.key").send().await.problem(404, "not_found");
    fs::write(assets.join("secret"), "x").unwrap();
    world.get("/secret").send().await.problem(404, "not_found");
}
