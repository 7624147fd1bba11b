//! Attacks on the visor: other hosts, other origins, missing tokens, paths, hostile text.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;
use trainscope_hook::RunOptions;
use trainscope_visor::{Access, Token, Visor, app};

struct Target {
    router: Router,
    access: Access,
    _runs: tempfile::TempDir,
}

fn target(address: &str, private: bool) -> Target {
    let runs = tempfile::tempdir().unwrap();
    let run = RunOptions::new("<img src=x onerror=alert(1)>").runs_dir(runs.path()).start().unwrap();
    run.evaluate("test", &[0, 1], &[0.9, 0.1, 0.2, 0.8]).classes(["<b>cat</b>", "dog"]).log().unwrap();
    run.finish();
    let access = Access::new(address.parse().unwrap(), private, Token::random().unwrap());
    Target { router: app(Visor::open(runs.path()).unwrap(), access.clone()), access, _runs: runs }
}

impl Target {
    async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Response<Body> {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }
}

const HOST: (&str, &str) = ("host", "localhost:6860");

async fn status(headers: &[(&str, &str)], path: &str) -> StatusCode {
    target("127.0.0.1:6860", false).get(path, headers).await.status()
}

#[tokio::test]
async fn plain_reading_on_loopback_needs_no_token() {
    assert_eq!(status(&[HOST], "/").await, StatusCode::OK);
    assert_eq!(status(&[HOST, ("origin", "http://localhost:6860")], "/").await, StatusCode::OK);
}

#[tokio::test]
async fn a_rebound_host_name_is_refused() {
    assert_eq!(status(&[("host", "evil.example:6860")], "/").await, StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(status(&[("host", "evil.example")], "/ws").await, StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(status(&[], "/").await, StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn another_origin_is_refused_even_for_a_websocket() {
    let upgrade = [
        HOST,
        ("connection", "upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    for origin in [
        "http://evil.example",
        "https://localhost:6860",
        "http://localhost:1",
        "null",
        "http://localhost:6860.evil.example",
    ] {
        let headers: Vec<_> = upgrade.into_iter().chain([("origin", origin)]).collect();
        assert_eq!(status(&headers, "/ws").await, StatusCode::FORBIDDEN, "{origin}");
    }
    let bytes = axum::http::HeaderValue::from_bytes(b"http://\xffevil").unwrap();
    let request =
        Request::get("/").header("host", HOST.1).header("origin", bytes).body(Body::empty()).unwrap();
    assert_eq!(target("127.0.0.1:6860", false).send(request).await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn writing_needs_the_token_even_on_loopback() {
    let target = target("127.0.0.1:6860", false);
    for method in ["POST", "PUT", "DELETE", "PATCH"] {
        let request =
            Request::builder().method(method).uri("/ws").header("host", HOST.1).body(Body::empty()).unwrap();
        assert_eq!(target.send(request).await.status(), StatusCode::UNAUTHORIZED, "{method}");
    }
    let bearer = format!("Bearer {}", target.access.token.as_str());
    let request = Request::post("/ws").header("host", HOST.1).header("authorization", bearer);
    let allowed = target.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(
        allowed.status(),
        StatusCode::METHOD_NOT_ALLOWED,
        "past the guard: there is nothing to write yet"
    );
}

#[tokio::test]
async fn a_private_visor_moves_the_token_into_a_strict_cookie() {
    let target = target("127.0.0.1:6860", true);
    assert_eq!(target.get("/", &[HOST]).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(target.get("/app.js", &[HOST]).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(target.get("/?token=0123", &[HOST]).await.status(), StatusCode::UNAUTHORIZED);

    let entered = target.get(&format!("/?token={}", target.access.token.as_str()), &[HOST]).await;
    assert_eq!(entered.status(), StatusCode::SEE_OTHER);
    assert_eq!(entered.headers()["location"], "/", "the token leaves the address bar");
    let cookie = entered.headers()["set-cookie"].to_str().unwrap();
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let pair = cookie.split(';').next().unwrap();
    assert_eq!(target.get("/", &[HOST, ("cookie", pair)]).await.status(), StatusCode::OK);
    let wrong = format!("{}0", &pair[..pair.len() - 1]);
    let expected = if wrong == pair { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
    assert_eq!(target.get("/", &[HOST, ("cookie", &wrong)]).await.status(), expected);
}

#[tokio::test]
async fn beyond_loopback_everything_needs_the_token() {
    let target = target("0.0.0.0:6860", false);
    assert_eq!(target.get("/", &[("host", "192.168.1.7:6860")]).await.status(), StatusCode::UNAUTHORIZED);
    assert!(target.access.link().contains("?token="));
}

#[tokio::test]
async fn entering_never_redirects_to_another_host() {
    let target = target("127.0.0.1:6860", true);
    for path in ["//evil.example/", "/\\evil.example/", "///evil.example"] {
        let uri = format!("{path}?token={}", target.access.token.as_str());
        let Ok(request) = Request::get(uri).header("host", HOST.1).body(Body::empty()) else { continue };
        let response = target.send(request).await;
        if let Some(location) = response.headers().get("location") {
            let location = location.to_str().unwrap();
            assert!(
                !location.starts_with("//") && !location.starts_with("/\\"),
                "{path} leads to {location}"
            );
        }
    }
}

#[tokio::test]
async fn no_request_reaches_a_file() {
    for path in [
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/..%2fCargo.toml",
        "/%2fetc%2fpasswd",
        "/etc/passwd",
        "/api/runs/..%2f..%2fetc/tensors/passwd",
        "/api/runs/x/tensors/..%2f..%2frank-0.tsf",
        "/rank-0.tsf",
        "/api/runs/%00/evaluations/e0",
    ] {
        let response = target("127.0.0.1:6860", false).get(path, &[HOST]).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_policy_refusals_too() {
    let target = target("127.0.0.1:6860", false);
    for (path, headers) in
        [("/", vec![HOST]), ("/nothing", vec![HOST]), ("/", vec![("host", "evil.example")])]
    {
        let response = target.get(path, &headers).await;
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        assert!(!response.headers().contains_key("access-control-allow-origin"));
    }
}

#[tokio::test]
async fn the_page_has_no_inline_script_or_style() {
    let response = target("127.0.0.1:6860", false).get("/", &[HOST]).await;
    let page = String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap();
    assert!(!page.contains("<style") && !page.contains("style=") && !page.contains("onload="), "{page}");
    for script in page.split("<script").skip(1) {
        let (tag, rest) = script.split_once('>').unwrap();
        assert!(tag.contains("src=") && rest.trim_start().starts_with("</script>"), "{script}");
    }
}

#[tokio::test]
async fn hostile_class_names_stay_text_in_json() {
    let target = target("127.0.0.1:6860", false);
    let runs = trainscope_store::Library::open(target._runs.path()).unwrap();
    let id = runs.runs().next().unwrap().0.to_owned();
    let path = format!("/api/runs/{id}/evaluations/e0");
    let mut response = target.get(&path, &[HOST]).await;
    while response.status() == StatusCode::NOT_FOUND {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await; // runs are read in the background
        response = target.get(&path, &[HOST]).await;
    }
    assert_eq!(
        response.headers()["content-type"],
        "application/json",
        "a browser must never sniff it as a page"
    );
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let evaluation: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(evaluation["classes"][0], "<b>cat</b>");
}
