import { DataError, FailedError } from '../errors.ts'
import { formatSize } from '../values/sizes.ts'
import { readInput } from './read-input.ts'
import type { Surroundings } from './surroundings.ts'

const MAX_BYTES = 256 * 2 ** 20

/** The text of a file that people or programs wrote; `-` is stdin. */
export async function readTextOf(surroundings: Surroundings, path: string, wanted: string): Promise<string> {
  if (path === '-') return (await readInput(surroundings, wanted)).toString()
  const { disk } = surroundings
  if (disk.stat(path) === undefined) throw new FailedError('file-not-found', `there is no file ${path}`)
  const file = disk.openToRead(path)
  try {
    const sizeBytes = file.sizeBytes()
    if (sizeBytes > MAX_BYTES) throw tooLarge(path)
    const bytes = Buffer.alloc(sizeBytes)
    return bytes.toString('utf8', 0, file.read(bytes, 0))
  } finally {
    file.close()
  }
}

function tooLarge(path: string): DataError {
  return new DataError('file-too-large', `${path} is larger than ${formatSize(MAX_BYTES)}`, {
    details: { path },
  })
}
