//! `trainscope serve`.

use trainscope_visor::{ServeOptions, serve_in_background};

use crate::cli::{ServeArgs, say};

pub(crate) fn run(args: ServeArgs) -> anyhow::Result<()> {
    let options = ServeOptions { root: args.dir, host: args.host, port: args.port, private: args.private };
    let listening = serve_in_background(&options)?;
    say(&format!("visor: {}", listening.access.link()));
    if !args.no_open {
        listening.open_browser();
    }
    listening.wait()
}
