//! The router: every address that the visor answers.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;

use crate::access::{Access, guard};
use crate::state::Visor;
use crate::{api, assets, live};

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// The visor as a value: tests call it without a socket.
pub fn app(visor: Visor, access: Access) -> Router {
    Router::new()
        .route("/", get(assets::index))
        .route("/ws", get(live::upgrade))
        .route("/api/runs/{run}/tensors/{id}", get(api::tensor))
        .route("/api/runs/{run}/evaluations/{id}", get(api::evaluation))
        .route("/{name}", get(assets::asset))
        .layer(middleware::from_fn_with_state(Arc::new(access), guard))
        .layer(middleware::from_fn(secure_headers))
        .with_state(visor)
}

/// Headers of every answer, refusals included.
async fn secure_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let fixed: [(HeaderName, &'static str); 6] = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
