// @ts-check
'use strict'

// What one Linux machine builds, and how: a row for each target in package.json.

/**
 * @typedef {object} CrossTarget
 * @property {string} addon the platform, as the packages are named
 * @property {string} triple what is built, as Rust names it
 * @property {string[]} [command] cargo's command, with the target and its other parameters
 * @property {string[]} [rust] flags of rustc
 * @property {NodeJS.ProcessEnv} [env]
 * @property {boolean} [needsStd] whether Debian has no build of its standard library
 * @property {string} [without] why this machine does not link it; the code is type-checked
 */

/** The flags of .cargo/config.toml for Linux; a variable with flags replaces those of that file. */
const LINUX = ['-Cforce-frame-pointers=yes']
/** A program with a C library loads the addon, so the addon must not contain another one. */
const MUSL = [...LINUX, '-Ctarget-feature=-crt-static']

const MICROSOFT = 'Microsoft alone has the C runtime that its linker wants; the release workflow builds it on Windows'
const APPLE = "the frameworks' symbols come with Apple's SDK alone; the release workflow builds it on macOS"

/** @type {CrossTarget[]} */
const crossTargets = [
  {
    addon: 'linux-x64-gnu',
    triple: 'x86_64-unknown-linux-gnu',
    command: ['zigbuild', '--target', 'x86_64-unknown-linux-gnu.2.17'],
    rust: LINUX
  },
  {
    addon: 'linux-arm64-gnu',
    triple: 'aarch64-unknown-linux-gnu',
    command: ['zigbuild', '--target', 'aarch64-unknown-linux-gnu.2.17'],
    rust: LINUX
  },
  {
    addon: 'linux-x64-musl',
    triple: 'x86_64-unknown-linux-musl',
    command: ['zigbuild', '--target', 'x86_64-unknown-linux-musl'],
    rust: MUSL,
    needsStd: true
  },
  {
    addon: 'linux-arm64-musl',
    triple: 'aarch64-unknown-linux-musl',
    command: ['zigbuild', '--target', 'aarch64-unknown-linux-musl'],
    rust: MUSL,
    needsStd: true
  },
  {
    addon: 'win32-x64-msvc',
    // The C functions that Node.js calls and offers have the same ABI as in a build with Microsoft's tools.
    triple: 'x86_64-pc-windows-gnu',
    command: ['build', '--target', 'x86_64-pc-windows-gnu', '--features', 'napi/dyn-symbols'],
    needsStd: true,
    // The libraries that the stack protector's archive needs, which toolchain.js puts in the linker's path, follow it.
    rust: ['moldname', 'msvcrt', 'advapi32'].map((library) => `-Clink-arg=-l${library}`),
    env: {
      CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER: 'x86_64-w64-mingw32-gcc-win32',
      CC_x86_64_pc_windows_gnu: 'x86_64-w64-mingw32-gcc-win32',
      AR_x86_64_pc_windows_gnu: 'x86_64-w64-mingw32-ar'
    }
  },
  checked('win32-arm64-msvc', 'aarch64-pc-windows-msvc', { zig: 'aarch64-windows-gnu', archiver: 'lib' }, MICROSOFT),
  checked('darwin-x64', 'x86_64-apple-darwin', { zig: 'x86_64-macos', archiver: 'ar' }, APPLE),
  checked('darwin-arm64', 'aarch64-apple-darwin', { zig: 'aarch64-macos', archiver: 'ar' }, APPLE)
]

/**
 * A target that is not linked. ring's build script compiles C nevertheless: zig has the headers of each system.
 * @param {string} addon
 * @param {string} triple
 * @param {{ zig: string, archiver: string }} compiler zig's name of the target, and its command for an archive in that system's format
 * @param {string} without
 * @returns {CrossTarget}
 */
function checked(addon, triple, { zig, archiver }, without) {
  const name = triple.replaceAll('-', '_')
  const env = {
    [`CC_${name}`]: `python-zig cc -target ${zig}`,
    [`AR_${name}`]: `python-zig ${archiver}`,
    // The default flags require the system's own tools, and name the target in a form that zig does not know.
    CRATE_CC_NO_DEFAULTS: '1'
  }
  return { addon, triple, command: ['check', '--target', triple], env, needsStd: true, without }
}

module.exports = { crossTargets }
