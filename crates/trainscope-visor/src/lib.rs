//! The web server of the visor, with its embedded user interface.
