import { DataError, UsageError } from '../../errors.ts'
import { typedSettings } from '../settings.ts'
import { secretProperties } from './property-names.ts'

const MOST_BYTES = 64 * 1024

/** The secret that `-X key=-` leaves to stdin; nothing where none does. */
export async function secretFromStdin(
  typed: readonly string[],
  stdin: { chunks(): AsyncIterable<Uint8Array> },
): Promise<{ typedSecret?: string }> {
  const wanted = [...typedSettings(typed).values].filter(
    ([key, value]) => value === '-' && secretProperties.has(key),
  )
  if (wanted.length === 0) return {}
  if (wanted.length > 1)
    throw new UsageError('two-secrets', 'one secret may come from stdin, and no second one')
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of stdin.chunks()) {
    sizeBytes += chunk.length
    if (sizeBytes > MOST_BYTES)
      throw new DataError('input-too-large', 'what came from stdin is too long for a secret')
    chunks.push(chunk)
  }
  return {
    typedSecret: Buffer.concat(chunks)
      .toString('utf8')
      .replace(/\r?\n$/, ''),
  }
}
