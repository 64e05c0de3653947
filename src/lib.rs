//! The Node.js binding: JavaScript values in, core values out. It decides nothing.
//!
//! Its one user is the package's own JavaScript; what it exports is described by the generated `binding.d.ts`.
#![deny(unsafe_op_in_unsafe_fn)]
#![forbid(clippy::print_stderr, clippy::print_stdout, clippy::dbg_macro)]
#![expect(unreachable_pub, reason = "napi-derive exports what is `pub`, in whatever module it stands")]
#![cfg_attr(test, allow(dead_code, reason = "napi-derive exports nothing into a test build"))]

mod acquisition;
mod assertion;
mod configuration;
#[cfg(windows)]
mod dpapi;
mod machine_store_option;
mod near_cache;
mod outcome;
mod pending;
mod process;
mod program_store;
mod promises;
mod request;
mod safe_display;
mod stderr;
mod version;
