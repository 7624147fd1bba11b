//! Who may ask: the guard before every request and every WebSocket upgrade.
//!
//! * `Host` must be a name this visor is reached by: a page of another site that points its own name at 127.0.0.1
//!   (DNS rebinding) is refused.
//! * `Origin`, when there is one, must be the visor's own. A browser sends it with every WebSocket upgrade and does not
//!   apply CORS there, so this is what keeps other sites from reading along.
//! * The token is needed for everything that is not a plain read, and for reads too when the visor is private or
//!   listens beyond loopback. It comes in the link, and moves at once into a strict cookie.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;

const COOKIE: &str = "trainscope_token";

/// A secret of 128 bits, as 32 hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new token from the system's randomness.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes.iter().fold(String::with_capacity(32), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })))
    }

    /// The token's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is(&self, other: &str) -> bool {
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

/// What the guard knows.
#[derive(Clone)]
pub struct Access {
    /// The address that the visor listens on.
    pub address: SocketAddr,
    /// Whether reading needs the token too.
    pub private: bool,
    /// The token.
    pub token: Token,
}

impl Access {
    /// Access for an address: beyond loopback everything needs the token.
    pub fn new(address: SocketAddr, private: bool, token: Token) -> Self {
        Self { address, private: private || !address.ip().is_loopback(), token }
    }

    /// The link to open; with the token when reading needs it.
    pub fn link(&self) -> String {
        let host = match self.address.ip() {
            // Where nothing is secret the readable name. With a token the address itself: another user of this machine
            // may listen on the other address that `localhost` has.
            IpAddr::V4(Ipv4Addr::LOCALHOST) if !self.private => "localhost".to_owned(),
            // Listening everywhere: here, this machine; elsewhere its own address takes the place of this one.
            ip if ip.is_unspecified() => "127.0.0.1".to_owned(),
            ip if ip.is_ipv6() => format!("[{ip}]"),
            ip => ip.to_string(),
        };
        let query = if self.private { format!("?token={}", self.token.as_str()) } else { String::new() };
        format!("http://{host}:{}/{query}", self.address.port())
    }

    /// Whether `host` (a `Host` header, or what follows `http://` in an `Origin`) is a name of this visor.
    fn is_own_host(&self, host: &str) -> bool {
        let port = self.address.port();
        let name = match host.strip_suffix(&format!(":{port}")) {
            Some(name) => name,
            // Browsers leave out the port that http has anyway.
            None if port == 80 => host,
            None => return false,
        };
        let own = [self.address.ip().to_string(), format!("[{}]", self.address.ip())];
        let loopback = ["localhost", "127.0.0.1", "[::1]"];
        if self.address.ip().is_unspecified() {
            // Listening on every address: any literal address may be ours, a name of somebody else's never is.
            let literal = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
            return name == "localhost" || literal.is_ok();
        }
        own.iter().any(|own| own == name) || (self.address.ip().is_loopback() && loopback.contains(&name))
    }
}

/// The guard, as middleware.
pub(crate) async fn guard(State(access): State<Arc<Access>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let host = text(headers, header::HOST).unwrap_or_default();
    if !access.is_own_host(host) {
        return refuse(
            StatusCode::MISDIRECTED_REQUEST,
            "this visor is not reached by that host name; open its printed link",
        );
    }
    let origin = text(headers, header::ORIGIN);
    if headers.contains_key(header::ORIGIN)
        && origin.and_then(|origin| origin.strip_prefix("http://")) != Some(host)
    {
        return refuse(StatusCode::FORBIDDEN, "a page of another origin may not talk to this visor");
    }
    if let Some(token) = query_token(request.uri().query()) {
        return enter(&access, token, request.uri().path());
    }
    let reads = [Method::GET, Method::HEAD].contains(request.method());
    if (access.private || !reads) && !has_token(&access, headers) {
        return refuse(StatusCode::UNAUTHORIZED, "a token is needed: open the visor by the link it printed");
    }
    next.run(request).await
}

fn refuse(status: StatusCode, reason: &'static str) -> Response {
    (status, reason).into_response()
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn query_token(query: Option<&str>) -> Option<&str> {
    query?.split('&').find_map(|pair| pair.strip_prefix("token="))
}

/// Takes the token out of the address bar: into a cookie that no script reads and no other site sends.
fn enter(access: &Access, token: &str, path: &str) -> Response {
    if !access.token.is(token) {
        return refuse(
            StatusCode::UNAUTHORIZED,
            "that token is not this visor's; open the link it printed last",
        );
    }
    // A path that starts with two slashes would be read as another host.
    let path = format!("/{}", path.trim_start_matches(['/', '\\']));
    let cookie = format!("{}={token}; HttpOnly; SameSite=Strict; Path=/", cookie_name(access));
    (StatusCode::SEE_OTHER, [(header::SET_COOKIE, cookie), (header::LOCATION, path)]).into_response()
}

fn has_token(access: &Access, headers: &HeaderMap) -> bool {
    let name = cookie_name(access);
    let bearer = text(headers, header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
    let mut cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let cookie = cookies.find_map(|line| {
        line.split(';').find_map(|pair| pair.trim().strip_prefix(name.as_str())?.strip_prefix('='))
    });
    bearer.or(cookie).is_some_and(|token| access.token.is(token))
}

/// Cookies know no ports: the port in the name keeps two visors of one machine apart.
fn cookie_name(access: &Access) -> String {
    format!("{COOKIE}_{}", access.address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(listening: &str) -> Access {
        Access::new(listening.parse().unwrap(), false, Token::random().unwrap())
    }

    fn own(listening: &str, host: &str) -> bool {
        access(listening).is_own_host(host)
    }

    #[test]
    fn loopback_knows_its_names() {
        for host in ["localhost:6860", "127.0.0.1:6860", "[::1]:6860"] {
            assert!(own("127.0.0.1:6860", host), "{host}");
        }
        for host in [
            "",
            "localhost",
            "localhost:1",
            "evil.example:6860",
            "localhost.evil.example:6860",
            "127.0.0.1.evil.example:6860",
        ] {
            assert!(!own("127.0.0.1:6860", host), "{host}");
        }
    }

    #[test]
    fn the_usual_port_may_be_left_out() {
        assert!(own("127.0.0.1:80", "localhost") && own("127.0.0.1:80", "localhost:80"));
        assert!(!own("127.0.0.1:80", "evil.example") && !own("127.0.0.1:80", "localhost:6860"));
    }

    #[test]
    fn beyond_loopback_only_addresses_are_own() {
        assert!(own("0.0.0.0:6860", "192.168.1.7:6860"));
        assert!(own("[::]:6860", "[fe80::1]:6860"));
        assert!(!own("0.0.0.0:6860", "evil.example:6860"));
        assert!(own("192.168.1.7:6860", "192.168.1.7:6860"));
        assert!(!own("192.168.1.7:6860", "localhost:6860"));
    }

    #[test]
    fn beyond_loopback_is_private() {
        assert!(access("0.0.0.0:1").private);
        assert!(!access("127.0.0.1:1").private);
    }

    #[test]
    fn tokens_are_long_and_differ() {
        assert_eq!(Token::random().unwrap().as_str().len(), 32);
        assert_ne!(Token::random().unwrap().as_str(), Token::random().unwrap().as_str());
    }
}
