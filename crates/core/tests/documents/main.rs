//! Compares the core's tables with everything else that names their rows: declarations, JavaScript and documents.

mod credentials;
mod errors;
mod settings;
