//! What training code links: handles, rings, the writer.
