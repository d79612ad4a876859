import type { ConfigCheck, ConfigValue } from './config-definition.ts'
import { RefusedValue } from './config-types.ts'

export function atLeast(min: number): ConfigCheck {
  return (value) => {
    if (numeric(value) < min) throw new RefusedValue(value, `Value must be at least ${min}`)
  }
}

export function between(min: number, max: number): ConfigCheck {
  const notBelow = atLeast(min)
  return (value) => {
    notBelow(value)
    if (numeric(value) > max) throw new RefusedValue(value, `Value must be no more than ${max}`)
  }
}

export function oneOf(...choices: readonly string[]): ConfigCheck {
  return (value) => {
    if (typeof value === 'string' && choices.includes(value)) return
    throw new RefusedValue(value, `String must be one of: ${choices.join(', ')}`)
  }
}

export function oneOfAnyCase(...choices: readonly string[]): ConfigCheck {
  return (value) => {
    if (typeof value === 'string' && choices.includes(value.toUpperCase())) return
    throw new RefusedValue(value, `String must be one of (case insensitive): ${choices.join(', ')}`)
  }
}

export function notEmpty(value: ConfigValue): void {
  if (value === '') throw new RefusedValue(value, 'String must be non-empty')
}

/** Of these alone; all are good where none are named. */
export function listOf(...choices: readonly string[]): ConfigCheck {
  return (value) => {
    for (const item of asList(value)) {
      if (item === '') throw new RefusedValue(value, "Configuration '{name}' values must not be empty.", true)
      if (choices.length > 0) oneOf(...choices)(item)
    }
  }
}

export function filledList(value: ConfigValue): void {
  if (asList(value).length > 0) return
  throw new RefusedValue(
    value,
    "Configuration '{name}' must not be empty. Valid values include: any non-empty value",
    true,
  )
}

/** Gzip's levels and the one that leaves the choice to zlib. */
export function gzipLevel(value: ConfigValue): void {
  const level = numeric(value)
  if (level === -1 || (level >= 1 && level <= 9)) return
  throw new RefusedValue(value, 'Value must be between 1 and 9 or equal to -1')
}

/** `*`, or partition:broker pairs. */
export function throttledReplicas(value: ConfigValue): void {
  const items = asList(value)
  if (items.every((item) => item === '' || /^\d+:\d+$/.test(item))) return
  if (items.length === 1 && items[0] === '*') return
  throw new RefusedValue(
    value,
    "{name} must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...",
  )
}

/** Where a share group begins (KIP-932). */
export function shareGroupStart(value: ConfigValue): void {
  if (value === 'earliest' || value === 'latest' || isStartByDuration(String(value))) return
  throw new RefusedValue(
    value,
    `Invalid value \`${value}\` for configuration {name}. The value must be either 'earliest', 'latest' or of the format 'by_duration:<PnDTnHnMn.nS>'.`,
  )
}

function isStartByDuration(text: string): boolean {
  const duration = /^by_duration:\+?P(?=[\dTt])(.*)$/.exec(text)?.[1]
  return duration !== undefined && /^(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+([.,]\d{0,9})?S)?)?$/i.test(duration)
}

function numeric(value: ConfigValue): number {
  return Number(value)
}

function asList(value: ConfigValue): readonly string[] {
  return Array.isArray(value) ? value : []
}
