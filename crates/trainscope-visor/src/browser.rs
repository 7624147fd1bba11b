//! Opening the user's browser: only where there is one, and never in CI.

/// Opens `link` in the user's browser, unless `CI` is set or no screen is there. Whether it was tried.
pub(crate) fn open_browser(link: &str) -> bool {
    let has_screen = !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    let in_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
    has_screen && !in_ci && open::that_detached(link).is_ok()
}
