//! The visor's web server: `app(state) -> Router`, the embedded user interface, and the thread that follows the runs.
//!
//! Nothing a request says is ever used as a path: runs, tensors and evaluations have opaque ids.

mod access;
mod api;
mod app;
mod assets;
mod browser;
mod live;
mod serve;
mod state;

pub use access::{Access, Token};
pub use app::app;
pub use serve::{BindError, Listening, ServeOptions, bind, serve_in_background};
pub use state::Visor;
