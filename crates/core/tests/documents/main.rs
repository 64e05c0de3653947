//! The core's tables are compared with what else has to know their rows: declarations, JavaScript and documents.

mod credentials;
mod errors;
mod settings;
