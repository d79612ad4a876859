/** A lock on a file, as Linux lists it. */
export interface FileLock {
  readonly processId: number
  readonly major: number
  readonly minor: number
  readonly inode: number
}

const LINE = /^\d+: (?:-> )?\S+\s+\S+\s+\S+\s+(-?\d+)\s+([0-9a-f]+):([0-9a-f]+):(\d+)\s/

/** `1: POSIX  ADVISORY  WRITE 4711 fd:01:131090 0 EOF`: the device in hex, the inode not. */
export function parseProcLocks(text: string): FileLock[] {
  return text.split('\n').flatMap((line) => {
    const [, processId, major = '', minor = '', inode] = LINE.exec(line) ?? []
    if (processId === undefined) return []
    return [
      {
        processId: Number(processId),
        major: Number.parseInt(major, 16),
        minor: Number.parseInt(minor, 16),
        inode: Number(inode),
      },
    ]
  })
}

/** How Linux packs the two numbers of a device into the one that a stat tells. */
export function splitDevice(device: number): { major: number; minor: number } {
  const bits = BigInt(device)
  const major = ((bits >> 8n) & 0xfffn) | ((bits >> 32n) & 0xfffff000n)
  const minor = (bits & 0xffn) | ((bits >> 12n) & 0xffffff00n)
  return { major: Number(major), minor: Number(minor) }
}
