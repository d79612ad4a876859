import { DataError } from '../../errors.ts'
import type { Dispatch } from './dispatch.ts'
import type { Inlet } from './inlet.ts'

const LENGTH_BYTES = 4
/** Key, version, correlation id, and the length of the client id. */
const FIXED_HEAD_BYTES = 10

/** The size of the next request, once its length is here. Throws for what no client of Kafka sends. */
export function nextRequestBytes(inlet: Inlet, largestBytes: number): number | undefined {
  if (inlet.sizeBytes < LENGTH_BYTES) return undefined
  const sizeBytes = inlet.int32At(0)
  if (sizeBytes >= 0 && sizeBytes <= largestBytes) return sizeBytes
  throw new DataError('impossible-length', `${spoken(inlet) ?? 'a request'} of ${sizeBytes} bytes`, {
    details: { sizeBytes, largestBytes },
  })
}

/** What is wrong with a request can often be told from its first bytes, long before the rest is here. */
export function checkBeginning(inlet: Inlet, sizeBytes: number, dispatch: Dispatch): void {
  if (inlet.sizeBytes < LENGTH_BYTES + 4) return
  dispatch.find(inlet.int16At(4), inlet.int16At(6))
  if (inlet.sizeBytes < LENGTH_BYTES + FIXED_HEAD_BYTES) return
  const clientIdBytes = inlet.int16At(12)
  if (clientIdBytes <= sizeBytes - FIXED_HEAD_BYTES) return
  throw new DataError('impossible-length', `a client id of ${clientIdBytes} bytes`)
}

/** Whom people most often send here by mistake. */
function spoken(inlet: Inlet): string | undefined {
  const bytes = inlet.peek(8)
  if (bytes[0] === 0x16 && bytes[1] === 3) return 'TLS on a listener without TLS, which reads as a request'
  if (/^(?:GET|PUT|POST|HEAD|DELETE|OPTIONS|PATCH|CONNECT|TRACE|PRI) ?/.test(bytes.toString('latin1')))
    return 'HTTP on a listener of Kafka, which reads as a request'
  return undefined
}
