import { KtoolError } from '../../errors.ts'
import type { Api } from '../../protocol/api.ts'
import { findBrokerConfig } from '../configs/known-configs.ts'

/** Who reads a journal is not to learn what lets him in. */
const secretFields: ReadonlySet<string> = new Set(['authBytes', 'salt', 'saltedPassword', 'hmac'])
const SECRET_NAMES = /password|secret|jaas|keystore\.key|credential|token/i
const HIDDEN = '[hidden]'

/** A request in the form of Kafka's JSON, without secrets, and without its records unless these are asked for. */
export function tellable(
  message: Api['request'],
  body: unknown,
  version: number,
  hasRecords: boolean,
): unknown {
  try {
    const shown = shownOf(body, hasRecords)
    const json = message.toJson(shown as Parameters<Api['request']['toJson']>[0], version)
    return hasRecords ? json : withSizes(json, body)
  } catch (cause) {
    // Kafka's JSON has no form for some values that can be read, and the request goes on without it.
    if (cause instanceof KtoolError || cause instanceof TypeError) return undefined
    throw cause
  }
}

function shownOf(value: unknown, hasRecords: boolean): unknown {
  if (Array.isArray(value)) return value.map((element) => shownOf(element, hasRecords))
  if (!isObject(value)) return value
  const shown: Record<string, unknown> = {}
  for (const [name, inner] of Object.entries(value)) {
    if (Buffer.isBuffer(inner)) {
      const isLeftOut = secretFields.has(name) || (name === 'records' && !hasRecords)
      shown[name] = isLeftOut ? Buffer.alloc(0) : inner
    } else shown[name] = shownOf(inner, hasRecords)
  }
  return isSecret(value) ? { ...shown, value: HIDDEN } : shown
}

/** A config that is set, as in IncrementalAlterConfigs. */
function isSecret(struct: Record<string, unknown>): boolean {
  const { name, value } = struct
  if (typeof name !== 'string' || typeof value !== 'string') return false
  const plain = name.replace(/^listener\.name\.[^.]+\./, '')
  return SECRET_NAMES.test(name) || findBrokerConfig(plain)?.isSensitive === true
}

/** In place of records stands how much they are. */
function withSizes(json: unknown, value: unknown): unknown {
  if (Array.isArray(json) && Array.isArray(value)) return json.map((one, i) => withSizes(one, value[i]))
  if (!isObject(json) || !isObject(value)) return json
  const sized: Record<string, unknown> = {}
  for (const [name, inner] of Object.entries(json)) {
    const original = value[name]
    if (name === 'records' && Buffer.isBuffer(original)) sized.recordsBytes = original.length
    else sized[name] = withSizes(inner, original)
  }
  return sized
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value)
}
