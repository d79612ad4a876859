import { UsageError } from '../errors.ts'

/** `NAME://HOST:PORT`, as Kafka writes it. */
export interface NamedAddress {
  readonly name: string
  /** Empty where every address of the machine is meant. */
  readonly host: string
  readonly port: number
}

const ADDRESS = /^([A-Za-z0-9._-]+):\/\/(?:\[([0-9A-Fa-f:.%\w]+)\]|([^:/[\]\s]*)):(\d{1,5})$/
const MAX_PORT = 65_535

export function parseNamedAddress(text: string): NamedAddress {
  const [, name, bracketed, plain, digits] = ADDRESS.exec(text.trim()) ?? []
  const port = Number(digits)
  if (name === undefined || port > MAX_PORT) throw invalid(text)
  return { name: name.toUpperCase(), host: bracketed ?? plain ?? '', port }
}

/** Several, between commas, as in server.properties. */
export function parseNamedAddresses(text: string): NamedAddress[] {
  return text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(parseNamedAddress)
}

export function formatAddress({ host, port }: { readonly host: string; readonly port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

function invalid(text: string): UsageError {
  return new UsageError('invalid-listener', `"${text}" is no address of a listener`, {
    hint: 'it is written like PLAINTEXT://127.0.0.1:9092, or PLAINTEXT://[::1]:9092',
  })
}

/** What `formatAddress` has written. */
export function parseAddress(text: string): { host: string; port: number } | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? plain
  return host === undefined ? undefined : { host, port: Number(digits) }
}
