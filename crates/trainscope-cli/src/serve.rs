//! `trainscope serve`.

use trainscope_visor::{ServeOptions, open_browser, serve_in_background};

use crate::cli::{ServeArgs, say};

pub(crate) fn run(args: ServeArgs) -> anyhow::Result<()> {
    let options = ServeOptions { root: args.dir, host: args.host, port: args.port, private: args.private };
    let listening = serve_in_background(&options)?;
    let link = listening.access.link();
    say(&format!("visor: {link}"));
    if !args.no_open {
        open_browser(&link);
    }
    // The visor's thread serves until the process ends: by Ctrl-C.
    loop {
        std::thread::park();
    }
}
