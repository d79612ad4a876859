import { UsageError } from '../errors.ts'
import type { ReadableDisk } from '../ports/disk.ts'
import type { Surroundings } from './surroundings.ts'

const PIECE_BYTES = 256 * 1024

/** An input, piece by piece; each piece is a buffer of its own. */
export interface NamedInput {
  readonly name: string | null
  chunks(): AsyncIterable<Uint8Array>
}

/** The files that were named, `-` being stdin, or stdin where there are none. Only one of several needs its name. */
export function inputSources(
  files: readonly string[],
  { disk, stdin }: Pick<Surroundings, 'disk' | 'stdin'>,
): NamedInput[] {
  const fromStdin = { name: null, chunks: () => stdin.chunks() }
  if (files.length === 0) return [fromStdin]
  return files.map((path) => (path === '-' ? fromStdin : fileSource(disk, path)))
}

/** Somebody at a terminal is told what is waited for. */
export async function askForLines(
  files: readonly string[],
  { stdin, stderr }: Pick<Surroundings, 'stdin' | 'stderr'>,
): Promise<void> {
  if (!stdin.isTerminal || !(files.length === 0 || files.includes('-'))) return
  await stderr.write('Type records, then press Ctrl-D.\n')
}

/** Looked at now, so that a name that is wrong is told before anything was sent. */
function fileSource(disk: ReadableDisk, path: string): NamedInput {
  const stat = disk.stat(path)
  if (stat === undefined) {
    throw new UsageError('no-such-file', `there is no file ${path}`, { hint: '--file names files to send' })
  }
  if (stat.kind !== 'file') {
    throw new UsageError('no-file', `${path} is no file`, {
      hint: `what is read but once comes by stdin: cat ${path} | ktool produce …`,
    })
  }
  return { name: path, chunks: () => piecesOf(disk, path) }
}

async function* piecesOf(disk: ReadableDisk, path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const file = disk.openToRead(path)
  try {
    for (let position = 0; ; ) {
      const piece = Buffer.allocUnsafe(PIECE_BYTES)
      const count = await file.readCold(piece, position)
      if (count === 0) return
      yield piece.subarray(0, count)
      position += count
    }
  } finally {
    file.close()
  }
}
