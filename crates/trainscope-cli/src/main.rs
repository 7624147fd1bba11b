//! The command `trainscope`.

mod cli;
mod report;
mod serve;

fn main() -> std::process::ExitCode {
    cli::main()
}
