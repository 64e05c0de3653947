// @ts-check
'use strict'

// Commands that start another one for which a certain system call fails: the system kills it before its first such call, or refuses the
// call. Perl sets a filter of seccomp, because Node.js cannot. The
// numbers are those of x86_64.

const { spawnSync } = require('node:child_process')

/** @typedef {{ number: number, argument?: number, value?: number }} SystemCall only with this value of this argument, if given */

/** The flags with which the store creates a file, and opens one that it locks. They include O_LARGEFILE. */
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
/** The error of a network disk without a lock service. */
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

/** The reason to skip these tests here, or false. @returns {string | false} */
function missingSeccomp() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'the system calls are those of Linux on x86_64'
  const [program, ...words] = killedAt(calls.exit_group)
  return spawnSync(program, [...words, 'true']).signal !== 'SIGSYS' && 'needs Perl and seccomp filters'
}

module.exports = { WITHOUT_LOCKS, calls, killedAt, missingSeccomp }
