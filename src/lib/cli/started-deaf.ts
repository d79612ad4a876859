import { readFileSync } from 'node:fs'

type Started = Pick<NodeJS.Process, 'env' | 'platform' | 'ppid'>

const ACCESS_MODE = 0o3
const WRITE_ONLY = 0o1
const SIGHUP_BIT = 1n

/**
 * Whether we were started with SIGHUP ignored. Node has made that undone before any of us runs, and the system does not
 * tell what it was, so it is read from what else those leave who do that: nohup, and a shell with `trap '' HUP`. Some
 * shells say in `_` what they run; elsewhere than on Linux that is all there is.
 */
export function startedDeaf({ env, platform, ppid }: Started, read = fileText): boolean {
  if (platform === 'win32') return false
  if (env._?.split('/').at(-1) === 'nohup') return true
  return platform === 'linux' && (isUnreadable(read) || isIgnoredBy(ppid, read))
}

/** In the place of a terminal nohup opens /dev/null so that nobody can read from it. */
function isUnreadable(read: typeof fileText): boolean {
  const flags = /^flags:\s*([0-7]+)$/m.exec(read('/proc/self/fdinfo/0'))?.[1]
  return flags !== undefined && (Number.parseInt(flags, 8) & ACCESS_MODE) === WRITE_ONLY
}

/** What a process ignores, those ignore that it starts. */
function isIgnoredBy(id: number, read: typeof fileText): boolean {
  const ignored = /^SigIgn:\s*([0-9a-f]+)$/m.exec(read(`/proc/${id}/status`))?.[1]
  return ignored !== undefined && (BigInt(`0x${ignored}`) & SIGHUP_BIT) !== 0n
}

function fileText(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
