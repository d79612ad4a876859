import { Message } from '../schema/message.ts'
import { int16, int32 } from '../schema/numbers.ts'
import { string } from '../schema/text-and-bytes.ts'

/**
 * The header in front of every request. Which version goes with which API version follows from the API
 * (`Api.requestHeaderVersion`).
 */
export const requestHeader = new Message(
  { name: 'request header', versions: { min: 0, max: 2 }, flexibleFrom: 2 },
  {
    requestApiKey: int16,
    requestApiVersion: int16,
    correlationId: int32,
    // A broker must be able to read the client id before it knows whether it understands the request,
    // so its length stays an int16 in the flexible header too.
    clientId: string.since(1).nullable().default('').neverCompact().ignorable(),
  },
)

export const responseHeader = new Message(
  { name: 'response header', versions: { min: 0, max: 1 }, flexibleFrom: 1 },
  { correlationId: int32 },
)

const headers = new Map<string, Message>([
  ['RequestHeader', requestHeader as Message],
  ['ResponseHeader', responseHeader as Message],
])

/** Finds a header by Kafka's name of it. */
export function findHeader(name: string): Message | undefined {
  return headers.get(name)
}
