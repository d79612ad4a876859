import { DataError } from '../errors.ts'
import { formatSize } from '../values/sizes.ts'
import type { Surroundings } from './surroundings.ts'

/** Larger than any message that Kafka takes by default, and small enough to be text in this runtime. */
const MAX_INPUT_BYTES = 256 * 2 ** 20

/** All of stdin. Somebody at a terminal is told what is waited for. */
export async function readInput({ stdin, stderr }: Surroundings, wanted: string): Promise<Buffer> {
  if (stdin.isTerminal) await stderr.write(`Type or paste ${wanted}, then press Ctrl-D.\n`)
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of stdin.chunks()) {
    sizeBytes += chunk.length
    if (sizeBytes > MAX_INPUT_BYTES) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function tooLarge(): DataError {
  return new DataError('input-too-large', `stdin holds more than ${formatSize(MAX_INPUT_BYTES)}`, {
    hint: 'give one message at a time',
  })
}
