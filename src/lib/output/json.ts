import { DataError } from '../errors.ts'
import type { ItemFailure } from '../model/outcome.ts'
import { escapeInQuotes } from './sanitise.ts'
import type { Shape } from './shape.ts'
import { type Json, toJsonObject } from './value.ts'
import type { Look, Writer } from './writer.ts'

/** `{version, items, errors}`: an item a line, or indented for people. */
export function jsonWriter(shape: Shape<unknown>, look: Look): Writer {
  const print = look.isTerminal ? indented : jsonLine
  let count = 0
  const array = (values: Json[], first: number) =>
    values.map((value, i) => `${first + i === 0 ? '' : ','}\n${print(value)}`).join('')

  return {
    keepsFailures: true,
    head: () => `{"version":${shape.version},"items":[`,
    rows(rows) {
      const text = array(
        rows.map((row) => rowObject(shape, row)),
        count,
      )
      count += rows.length
      return text
    },
    tail(failures) {
      const end = failures.length > 0 ? '\n]' : ']'
      return `${count > 0 ? '\n]' : ']'},"errors":[${array(failures.map(failureObject), 0)}${end}}\n`
    },
  }
}

/** Bare rows, one a line. */
export function jsonlWriter(shape: Shape<unknown>): Writer {
  return {
    keepsFailures: false,
    head: () => '',
    rows: (rows) => rows.map((row) => `${jsonLine(rowObject(shape, row))}\n`).join(''),
    tail: () => '',
  }
}

/** One thing: its keys, with the version beside them. */
export function jsonItem(shape: Shape<unknown>, row: unknown, look: Look): string {
  const value = { version: shape.version, ...rowObject(shape, row) }
  return `${look.isTerminal ? indented(value) : jsonLine(value)}\n`
}

export function rowObject(shape: Shape<unknown>, row: unknown): { [key: string]: Json } {
  const entries = shape.columns.map(({ key, value, isOptional }) => ({ key, value: value(row), isOptional }))
  const there = entries.filter(({ value, isOptional }) => value !== undefined || !isOptional)
  return toJsonObject(there.map(({ key, value }) => [key, value]))
}

export function failureObject({ item, error }: ItemFailure): { [key: string]: Json } {
  return { item, code: error.code, message: error.message, hint: error.hint ?? null }
}

/** Bidi and C1 characters are legal in JSON and reach a terminal raw; escaped they are the same to a parser. */
export function jsonLine(value: Json): string {
  return escapeInQuotes(JSON.stringify(value))
}

/** One value, which may be as large as a message of Kafka can be. */
export function jsonDocument(value: Json): string {
  try {
    return indented(value)
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new DataError('too-large-to-print', 'this is too large to print: its JSON is more than 512 MiB', {
      cause,
    })
  }
}

function indented(value: Json): string {
  return escapeInQuotes(JSON.stringify(value, null, 2))
}
