import { readFileSync } from 'node:fs'
import { goldenText, goldenTree } from '../../golden/vectors.ts'
import type { Line } from './kafka-lines.ts'

/** A log that a broker wrote, and what Kafka's own classes read from it. */
export interface GoldenLog {
  readonly name: string
  readonly bytes: Buffer
  readonly lines: Line[]
}

/** The logs under a folder of the golden data whose reference output is under another. */
export function goldenLogs(folder: string, reference: string): GoldenLog[] {
  const suffix = /\.ndjson(\.gz)?$/
  return referencesUnder(`disk/${reference}`).map((path) => {
    const name = path.slice(`disk/${reference}/`.length).replace(suffix, '')
    return { name, bytes: goldenBytes(`disk/${folder}/${name}`), lines: parseLines(goldenText(path)) }
  })
}

function goldenBytes(path: string): Buffer {
  return readFileSync(new URL(`../../golden/${path}`, import.meta.url))
}

function referencesUnder(folder: string): string[] {
  return goldenTree(folder).filter((path) => path.includes('.ndjson'))
}

/** An int64 that JSON.parse would round is kept as `{ bigint }`, which is how our own lines have it. */
function parseLines(text: string): Line[] {
  const lines = text.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line.replace(/(?<=":)-?\d{16,}/g, exactNumber)) as Line)
}

function exactNumber(digits: string): string {
  return Number.isSafeInteger(Number(digits)) ? digits : `{"bigint":"${digits}"}`
}
