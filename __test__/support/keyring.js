// @ts-check
'use strict'

// Commands that start another one in a new session, or without the kernel's keyrings: Perl makes the system calls, because Node.js cannot.
// Their numbers are those of x86_64.

const { execFileSync, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { storeOf } = require('./machine')

/** KEYCTL_JOIN_SESSION_KEYRING, as cron and su do by pam_keyinit. */
const FRESH_SESSION = ['perl', '-e', 'syscall(250, 1, 0) > 0 or die $!; exec @ARGV']

/** A seccomp filter like docker's: add_key, request_key and keyctl fail with EPERM. */
const NO_KEYRING = ['perl', '-e', `
  my $filter = pack('(SCCL)*', 0x20, 0, 0, 0, 0x35, 0, 2, 248, 0x25, 1, 0, 250, 6, 0, 0, 0x50001, 6, 0, 0, 0x7fff0000);
  syscall(157, 38, 1, 0, 0, 0);
  syscall(157, 22, 2, my $program = pack('Sx6P', 5, $filter)) == 0 or die $!;
  exec @ARGV`]

/** The reason to skip these tests here, or false. @returns {string | false} */
function missingKeyring() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'the system calls are those of Linux on x86_64'
  const { status } = spawnSync('perl', ['-e', 'exit(syscall(250, 0, -4, 1) > 0 ? 0 : 1)'])
  return status !== 0 && 'needs Perl and the kernel\'s keyrings'
}

/** Deletes the key of a home's store, because the keyring belongs to the machine. @param {string} home */
function forgetKey(home) {
  const id = fs.readFileSync(path.join(storeOf(home), 'id'), 'utf8')
  const script = 'my ($type, $name) = ("user", "azure-client-token:$ARGV[0]"); syscall(250, 9, syscall(250, 10, -4, $type, $name, 0), -4) == 0 or die $!'
  execFileSync('perl', ['-e', script, id])
}

/** The same for a home that may have no store. @param {string} home */
function forgetStore(home) {
  if (!missingKeyring() && fs.existsSync(path.join(storeOf(home), 'id'))) forgetKey(home)
}

module.exports = { FRESH_SESSION, NO_KEYRING, forgetKey, forgetStore, missingKeyring }
