use crate::harness::{Reply, TestServer};
use reqwest::Method;
use std::path::Path;
use std::time::{Duration, SystemTime};

async fn get(server: &TestServer, path: &str, name: &str, value: &str) -> Reply {
    Reply::of(server.request(Method::GET, path).header(name, value)).await
}

/// Leaves a file as a former release would have.
fn leave(server: &TestServer, name: &str, content: &str, age: Duration) {
    let path = server.folder().join("data/embed").join(name);
    std::fs::write(&path, content).unwrap();
    #[expect(clippy::disallowed_methods, reason = "files carry the machine's own time")]
    let modified = SystemTime::now() - age;
    std::fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(modified)
        .unwrap();
}

#[tokio::test]
async fn the_fixed_names_are_asked_for_each_time_and_hashed_ones_never_again() {
    let server = TestServer::start().await;
    let script = server.get("/embed/v1/phone-verify.js").await;
    if script.status == 404 {
        // Compiled without the browser's files: it says how to get them.
        assert!(
            String::from_utf8(script.bytes)
                .unwrap()
                .contains("cargo xtask build")
        );
        return;
    }
    assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(script.header("cache-control"), "no-cache");
    assert_eq!(script.header("access-control-allow-origin"), "*");
    assert_eq!(script.header("vary"), "accept-encoding");
    let tag = script.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.len() > 10, "{tag}");

    let known = get(&server, "/embed/v1/phone-verify.js", "if-none-match", &tag).await;
    assert_eq!((known.status, known.bytes.len()), (304, 0));
    assert_eq!(known.header("etag"), tag);
    let other = get(&server, "/embed/v1/phone-verify.js", "if-none-match", "\"other\"").await;
    assert_eq!(other.status, 200);

    let compressed = get(
        &server,
        "/embed/v1/phone-verify.js",
        "accept-encoding",
        "gzip, br",
    )
    .await;
    assert_eq!(compressed.header("content-encoding"), "br");
    assert!(compressed.bytes.len() < script.bytes.len());
    assert_ne!(compressed.header("etag"), tag);
    let gzip = get(&server, "/embed/v1/phone-verify.js", "accept-encoding", "gzip").await;
    assert_eq!(gzip.header("content-encoding"), "gzip");

    let copied: Vec<String> = std::fs::read_dir(server.folder().join("data/embed"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let wasm = copied
        .iter()
        .find(|name| {
            Path::new(name)
                .extension()
                .is_some_and(|extension| extension == "wasm")
        })
        .unwrap();
    let wasm = server.get(&format!("/embed/v1/{wasm}")).await;
    assert_eq!(wasm.header("content-type"), "application/wasm");
    assert_eq!(
        wasm.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(&wasm.bytes[..4], b"\0asm");

    let head = Reply::of(server.request(Method::HEAD, "/embed/v1/phone-verify.js")).await;
    assert_eq!((head.status, head.bytes.len()), (200, 0));
    assert_eq!(head.header("content-length"), script.bytes.len().to_string());
}

#[tokio::test]
async fn what_earlier_releases_left_is_served_for_thirty_days() {
    let server = TestServer::start().await;
    let day = Duration::from_hours(24);
    leave(&server, "widget-0123456789ab.js", "former()", 29 * day);
    leave(&server, "widget-0123456789ab.js.br", "compressed", 29 * day);
    leave(&server, "widget-ba9876543210.js", "too old", 31 * day);

    let former = get(
        &server,
        "/embed/v1/widget-0123456789ab.js",
        "accept-encoding",
        "gzip",
    )
    .await;
    assert_eq!((former.status, former.bytes), (200, b"former()".to_vec()));
    let reply = get(
        &server,
        "/embed/v1/widget-0123456789ab.js",
        "accept-encoding",
        "br",
    )
    .await;
    assert_eq!(
        (reply.header("content-encoding"), reply.bytes.as_slice()),
        ("br", &b"compressed"[..])
    );
    assert_eq!(
        reply.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    assert_eq!(server.get("/embed/v1/widget-ba9876543210.js").await.status, 404);
}

#[tokio::test]
async fn too_old_files_go_at_the_next_start() {
    let mut server = TestServer::start().await;
    leave(
        &server,
        "widget-ba9876543210.js",
        "too old",
        Duration::from_hours(24 * 31),
    );
    leave(
        &server,
        "widget-0123456789ab.js",
        "former()",
        Duration::from_hours(24),
    );
    server.restart().await;
    let folder = server.folder().join("data/embed");
    assert!(!folder.join("widget-ba9876543210.js").exists());
    assert!(folder.join("widget-0123456789ab.js").exists());
}

#[tokio::test]
async fn nothing_else_of_the_disk_is_served() {
    let server = TestServer::start().await;
    std::fs::write(server.folder().join("data/secret.js"), "secret").unwrap();
    std::fs::write(server.folder().join("data/embed/.hidden.js"), "secret").unwrap();
    std::fs::write(server.folder().join("data/embed/notes.txt"), "secret").unwrap();
    for path in [
        "/embed/v1/..%2fsecret.js",
        "/embed/v1/%2e%2e%2fsecret.js",
        "/embed/v1/.hidden.js",
        "/embed/v1/notes.txt",
        "/embed/v1/",
        "/embed/v1/nothing.js",
        "/pkg/..%2f..%2fsecret.js",
        "/static/nothing",
    ] {
        let reply = server.get(path).await;
        assert_eq!(reply.status, 404, "{path}");
        assert_ne!(reply.bytes, b"secret");
    }
}
