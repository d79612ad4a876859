import { UsageError } from '../errors.ts'
import type { Address } from '../ports/network.ts'

const DEFAULT_PORT = 9092
const MAX_PORT = 65_535
/** A protocol in front, as in advertised.listeners, is no harm. */
const ADDRESS = /^(?:[A-Za-z_0-9]+:\/\/)?(?:\[([0-9A-Fa-f:.%\w]+)\]|([^:/[\]\s,]+))(?::(\d{1,5}))?$/

/** `kafka1,kafka2:9093,[::1]:9092`: brokers to begin with. */
export function parseBootstrap(text: string): Address[] {
  // A password may have commas: nothing of such a text is repeated.
  if (text.includes('@')) throw loginInAddress()
  const addresses = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseOne)
  if (addresses.length > 0) return addresses
  throw new UsageError('no-bootstrap', 'no broker is named to begin with', {
    hint: 'it is written like -b kafka1:9092',
  })
}

function parseOne(text: string): Address {
  const [, bracketed, plain, digits] = ADDRESS.exec(text) ?? []
  const host = bracketed ?? plain
  const port = digits === undefined ? DEFAULT_PORT : Number(digits)
  if (host !== undefined && port >= 1 && port <= MAX_PORT) return { host, port }
  throw new UsageError('invalid-bootstrap', `"${text}" is no address of a broker`, {
    hint: 'it is written like kafka1, kafka1:9092 or [::1]:9092; several with commas between',
  })
}

function loginInAddress(): UsageError {
  return new UsageError(
    'invalid-bootstrap',
    'an address of a broker has no user and no password before an @',
    {
      hint: 'say HOST:PORT alone; who you are stands in client.properties (--command-config FILE), or in a context',
    },
  )
}
