// @ts-check
'use strict'

// Commands that start another one for which a certain system call does not go well: it is killed when it makes that call for the first
// time, before anything of it is done, or the call is refused. Perl sets a filter of seccomp, because Node.js has no call for that. The
// numbers are those of x86_64.

const { spawnSync } = require('node:child_process')

/** @typedef {{ number: number, argument?: number, value?: number }} SystemCall with that value of an argument, if one is named */

/** As the store opens a file that it makes, and one that it locks. O_LARGEFILE is among them. */
const NEW_FILE = 0xa89c1
const LOCK_FILE = 0xa8942

/** @type {Record<string, SystemCall>} */
const calls = {
  mkdirat: { number: 258 },
  flock: { number: 73 },
  'openat of a lock': { number: 257, argument: 2, value: LOCK_FILE },
  'openat of a new file': { number: 257, argument: 2, value: NEW_FILE },
  linkat: { number: 265 },
  unlinkat: { number: 263 },
  utimensat: { number: 280 },
  renameat: { number: 264 },
  getdents64: { number: 217 },
  connect: { number: 42 },
  exit_group: { number: 231 },
}

const KILLED = 0x80000000
const REFUSED = 0x50000
/** What a network disk without a lock service says. */
const ENOLCK = 37

/** @param {SystemCall} call */
const killedAt = (call) => filtered(call, KILLED)

/** A disk without locks. */
const WITHOUT_LOCKS = filtered(calls.flock, REFUSED + ENOLCK)

/** @param {SystemCall} call @param {number} action */
function filtered({ number, argument, value }, action) {
  const compared = argument === undefined ? '' : `0x20, 0, 0, ${16 + 8 * argument}, 0x15, 0, 1, ${value},`
  const filter = `0x20, 0, 0, 0, 0x15, 0, ${argument === undefined ? 1 : 3}, ${number}, ${compared} 6, 0, 0, ${action}, 6, 0, 0, 0x7fff0000`
  return ['perl', '-e', `
    my @program = (${filter});
    syscall(157, 38, 1, 0, 0, 0);
    my $filter = pack('(SCCL)*', @program);
    syscall(157, 22, 2, my $argument = pack('Sx6P', @program / 4, $filter)) == 0 or die $!;
    exec @ARGV`]
}

/** Why there is no killing here. @returns {string | false} */
function missingSeccomp() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'the system calls are those of Linux on x86_64'
  const [program, ...words] = killedAt(calls.exit_group)
  return spawnSync(program, [...words, 'true']).signal !== 'SIGSYS' && 'no Perl, or no filters of seccomp'
}

module.exports = { WITHOUT_LOCKS, calls, killedAt, missingSeccomp }
