//! The Node.js binding: it converts JavaScript values to core values and back, and makes no decisions.
//!
//! Only the package's own JavaScript uses it. The generated `binding.d.ts` describes its exports.
#![deny(unsafe_op_in_unsafe_fn)]
#![forbid(clippy::print_stderr, clippy::print_stdout, clippy::dbg_macro)]
#![expect(unreachable_pub, reason = "napi-derive exports what is `pub`, in any module")]
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
