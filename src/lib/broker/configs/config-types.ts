import { ApiError } from '../api-error.ts'
import type { ConfigDefinition, ConfigTypeName, ConfigValue } from './config-definition.ts'

function invalidConfig(definition: ConfigDefinition, value: ConfigValue, reason: string): ApiError {
  const { name, type } = definition
  const message = `Invalid value ${printed(value, type)} for configuration ${name}: ${reason}`
  return new ApiError('INVALID_CONFIG', message)
}

function printed(value: ConfigValue, type: ConfigTypeName): string {
  if (isList(value)) return `[${value.join(', ')}]`
  return type === 'double' && typeof value === 'number' ? javaDouble(value) : String(value)
}

function isList(value: ConfigValue): value is readonly string[] {
  return Array.isArray(value)
}

/** As a definition's value is written where it is shown: once parsed, without blanks and the like. */
export function configText(type: ConfigTypeName, value: ConfigValue): string | null {
  if (value === null) return null
  if (isList(value)) return value.join(',')
  return type === 'double' && typeof value === 'number' ? javaDouble(value) : String(value)
}

/** Java writes 2.0 and 1.0E-4. */
function javaDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (size === 0 || (size >= 1e-3 && size < 1e7))
    return Number.isInteger(value) ? value.toFixed(1) : String(value)
  const [digits = '', exponent = ''] = value.toExponential().split('e')
  return `${digits.includes('.') ? digits : `${digits}.0`}E${exponent.replace('+', '')}`
}

/** What the text says, in the type of the setting; throws where it says nothing of that type. */
export function parseConfig(definition: ConfigDefinition, text: string): ConfigValue {
  const trimmed = trim(text)
  const parse = parsers[definition.type]
  if (parse === undefined) return trimmed
  const value = parse(trimmed)
  if (value === undefined) throw invalidConfig(definition, text, reasonOf(definition.type))
  // Kafka keeps the first of what a list holds twice
  return isList(value) && !definition.isRepeatable ? [...new Set(value)] : value
}

/** The same; nothing where it says nothing of that type, or what is beyond the limits. */
export function readConfig(definition: ConfigDefinition, text: string): ConfigValue | undefined {
  try {
    return checkConfig(definition, text)
  } catch (refusal) {
    if (refusal instanceof ApiError) return undefined
    throw refusal
  }
}

/** What the text says, with the limits of the setting. */
export function checkConfig(definition: ConfigDefinition, text: string): ConfigValue {
  const value = parseConfig(definition, text)
  for (const check of definition.checks) {
    try {
      check(value)
    } catch (refusal) {
      if (!(refusal instanceof RefusedValue)) throw refusal
      const reason = refusal.message.replaceAll('{name}', definition.name)
      throw refusal.isWhole
        ? new ApiError('INVALID_CONFIG', reason)
        : invalidConfig(definition, refusal.value, reason)
    }
  }
  return value
}

/** How a check says no; `isWhole` where the message is all that Kafka says. */
export class RefusedValue extends Error {
  readonly value: ConfigValue
  readonly isWhole: boolean

  constructor(value: ConfigValue, reason: string, isWhole = false) {
    super(reason)
    this.value = value
    this.isWhole = isWhole
  }
}

/** As Java does it: blanks and whatever else lies below them. */
export function trim(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && text.charCodeAt(start) <= 0x20) start++
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--
  return text.slice(start, end)
}

/** Around the commas it is blanks alone that do not count. */
function splitList(text: string): readonly string[] {
  return text === '' ? [] : text.split(/[ \t\n\v\f\r]*,[ \t\n\v\f\r]*/)
}

type Parser = (text: string) => ConfigValue | undefined

const parsers: Partial<Record<ConfigTypeName, Parser>> = {
  boolean: parseBoolean,
  int: (text) => parseWithin(text, -(2 ** 31), 2 ** 31 - 1),
  short: (text) => parseWithin(text, -32768, 32767),
  long: parseLong,
  double: parseDouble,
  list: splitList,
}

function parseBoolean(text: string): boolean | undefined {
  const lower = text.toLowerCase()
  return lower === 'true' ? true : lower === 'false' ? false : undefined
}

function parseWithin(anyText: string, min: number, max: number): number | undefined {
  const text = withPlainDigits(anyText)
  if (!/^[+-]?\d+$/.test(text)) return undefined
  const value = Number(text)
  return value < min || value > max ? undefined : value
}

function parseLong(anyText: string): bigint | undefined {
  const text = withPlainDigits(anyText)
  // No long has more digits: a text of a megabyte would make a bigint of a megabyte
  if (!/^[+-]?0*\d{1,19}$/.test(text)) return undefined
  const value = BigInt(text.replace(/^\+/, ''))
  return BigInt.asIntN(64, value) === value ? value : undefined
}

/** Java takes the digits of every script; those of one stand side by side, from 0 to 9. */
function withPlainDigits(text: string): string {
  return text.replace(/(?![0-9])\p{Nd}/gu, (digit) => {
    const code = digit.charCodeAt(0)
    let value = 0
    while (/\p{Nd}/u.test(String.fromCharCode(code - value - 1))) value++
    return digit.length === 1 ? String(value) : digit
  })
}

function parseDouble(text: string): number | undefined {
  if (/^[+-]?(NaN|Infinity)$/.test(text)) return Number(text.replace(/^[+-]NaN$/, 'NaN'))
  return /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?[dDfF]?$/.test(text)
    ? Number(text.replace(/[dDfF]$/, ''))
    : undefined
}

function reasonOf(type: ConfigTypeName): string {
  return type === 'boolean'
    ? 'Expected value to be either true or false'
    : `Not a number of type ${type.toUpperCase()}`
}

/** Beyond what a double holds exactly, the nearest that it does. */
export function asNumber(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) return Number.MAX_SAFE_INTEGER
  if (value < BigInt(Number.MIN_SAFE_INTEGER)) return Number.MIN_SAFE_INTEGER
  return Number(value)
}
