import { UsageError } from '../../errors.ts'
import type { Address } from '../../ports/network.ts'

/** `[HOST:]PORT`, of this machine alone: a token is no protection against those who read the network. */
export function parseControl(text: string): Address {
  const [, host = '127.0.0.1', digits = ''] =
    /^(?:(127\.\d+\.\d+\.\d+|localhost|\[::1\]):)?(\d{1,5})$/.exec(text) ?? []
  const port = Number(digits)
  if (digits !== '' && port <= 65_535) return { host: host.replace(/^\[|\]$/g, ''), port }
  throw new UsageError('invalid-control', `"${text}" is no place to control the broker from`, {
    hint: 'it is a port of this machine: --control 8083, --control [::1]:8083, or --control 0 for a free one',
  })
}
