//! Listening: binding the port, serving on a thread of its own.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::mpsc::channel;

use trainscope_store::OpenLibraryError;

use crate::access::{Access, Token};
use crate::app::app;
use crate::browser::open_browser;
use crate::state::Visor;

/// The port that is tried first when none is asked for.
const FIRST_PORT: u16 = 6860;
const PORTS_TRIED: u16 = 20;

/// What to serve, and where.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Folder of runs.
    pub root: PathBuf,
    /// Address to listen on.
    pub host: IpAddr,
    /// Port to listen on; `None` takes the first free one from 6860 on.
    pub port: Option<u16>,
    /// Whether reading needs the token on loopback too.
    pub private: bool,
}

impl ServeOptions {
    /// Serves `root` on loopback.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), host: IpAddr::V4(Ipv4Addr::LOCALHOST), port: None, private: false }
    }
}

/// Why the visor could not start.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Another program has the port.
    #[error("port {port} on {host} is taken by another program: choose another with --port, or 0 for any")]
    PortTaken {
        /// The address.
        host: IpAddr,
        /// The port.
        port: u16,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Address and port.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The folder of runs cannot be read.
    #[error(transparent)]
    Library(#[from] OpenLibraryError),
    /// The server's thread or runtime could not start.
    #[error("cannot start the visor's thread: {0}")]
    Start(io::Error),
}

/// A visor that is being served until the process ends.
pub struct Listening {
    /// Where, and with which token.
    pub access: Access,
}

impl Listening {
    /// Opens the user's browser, where there is one and outside CI. A link with a token is not opened: programs' arguments
    /// are for every user of the machine to read.
    pub fn open_browser(&self) {
        if !self.access.private {
            open_browser(&self.access.link());
        }
    }

    /// Keeps serving until the process is ended, by Ctrl-C for example.
    pub fn wait(&self) -> ! {
        loop {
            std::thread::park();
        }
    }
}

/// Binds the port of `options`.
pub fn bind(options: &ServeOptions) -> Result<TcpListener, BindError> {
    let host = options.host;
    let Some(port) = options.port else {
        let free =
            (FIRST_PORT..FIRST_PORT + PORTS_TRIED).find_map(|port| TcpListener::bind((host, port)).ok());
        return free.map_or_else(|| bind_one(host, 0), Ok);
    };
    bind_one(host, port)
}

fn bind_one(host: IpAddr, port: u16) -> Result<TcpListener, BindError> {
    TcpListener::bind((host, port)).map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => BindError::PortTaken { host, port },
        _ => BindError::Listen { address: SocketAddr::new(host, port), source },
    })
}

/// Serves on a thread of its own, with its own small runtime: the program that trains needs none, and is not disturbed.
pub fn serve_in_background(options: &ServeOptions) -> Result<Listening, BindError> {
    let visor = Visor::open(&options.root)?;
    let listener = bind(options)?;
    let address = listener.local_addr().map_err(BindError::Start)?;
    listener.set_nonblocking(true).map_err(BindError::Start)?;
    let token = Token::random().map_err(|error| BindError::Start(io::Error::other(error)))?;
    let access = Access::new(address, options.private, token);
    let router = app(visor, access.clone());
    let (started, start) = channel();
    let serve = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let _ = match runtime {
            Err(error) => started.send(Err(error)),
            Ok(runtime) => runtime.block_on(async {
                let listener = match tokio::net::TcpListener::from_std(listener) {
                    Err(error) => return started.send(Err(error)),
                    Ok(listener) => axum::serve::ListenerExt::tap_io(listener, |stream| {
                        // Small answers leave at once; where the system refuses, they leave a little later.
                        let _ = stream.set_nodelay(true);
                    }),
                };
                let _ = started.send(Ok(()));
                let _ = axum::serve(listener, router).await;
                Ok(())
            }),
        };
    };
    std::thread::Builder::new().name("trainscope-visor".to_owned()).spawn(serve).map_err(BindError::Start)?;
    start.recv().map_err(io::Error::other).and_then(|started| started).map_err(BindError::Start)?;
    Ok(Listening { access })
}
