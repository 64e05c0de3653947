//! Tells the linker what a Node.js addon leaves undefined.

fn main() {
    napi_build::setup();
}
