import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

interface Read {
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  readonly key: string | null
  readonly value: string | null
}

/** As kcat reads them: lengths first, so that bytes may be any. */
export async function readByKcat(
  bootstrap: string,
  name: string,
  isolation = 'read_uncommitted',
): Promise<Read[]> {
  const format = '%p %o %T %K %S %k%s\n'
  const args = [
    '-C',
    '-b',
    bootstrap,
    '-t',
    name,
    '-e',
    '-q',
    '-X',
    `isolation.level=${isolation}`,
    '-f',
    format,
  ]
  const { stdout } = await run('kcat', args, { encoding: 'buffer', maxBuffer: 1 << 28 })
  const read: Read[] = []
  for (let at = 0; at < stdout.length; ) {
    const head = /^(\d+) (\d+) (\d+) (-?\d+) (-?\d+) /.exec(stdout.toString('latin1', at, at + 80)) ?? ['']
    const [partition = 0, offset = 0, timestamp = 0, keyLength = 0, valueLength = 0] = head
      .slice(1)
      .map(Number)
    const keyAt = at + head[0].length
    const valueAt = keyAt + Math.max(0, keyLength)
    const end = valueAt + Math.max(0, valueLength)
    const key = keyLength < 0 ? null : stdout.toString('base64', keyAt, valueAt)
    const value = valueLength < 0 ? null : stdout.toString('base64', valueAt, end)
    read.push({ partition, offset, timestamp, key, value })
    at = end + 1
  }
  return read
}
