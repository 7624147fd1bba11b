//! Says clearly when the built user interface is missing; the build itself needs no Node.

fn main() {
    println!("cargo::rerun-if-changed=ui");
    if !std::path::Path::new("ui/index.html").exists() {
        println!("cargo::error=the built user interface is missing: run `npm ci && npm run build` in web-ui");
    }
}
