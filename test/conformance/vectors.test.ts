import { isDeepStrictEqual } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { ktool } from '../ktool.ts'
import { seedOfRun } from '../random.ts'
import { java } from './kafka/java.ts'

interface Vector {
  api?: string
  header?: string
  record?: string
  type?: string
  version: number
  hex: string
  json: unknown
  unknownTags?: unknown
  error?: unknown
  trailingBytes?: string
}

const PER_VERSION = 12
const seed = seedOfRun()

describe(`random messages of Kafka's own classes, KTOOL_SEED=${seed}`, () => {
  let vectors: Vector[]

  beforeAll(async () => {
    vectors = parseLines(await java('RandomMessages', [String(seed), String(PER_VERSION)]))
    expect(vectors.length).toBeGreaterThan(8000)
  })

  it('are decoded to Kafka’s JSON, every one of them', async () => {
    const { stdout, status } = await ktool(
      ['protocol', 'decode', '--lines'],
      asLines(vectors.map(withoutJson)),
    )
    expect(
      firstDifference(vectors, parseLines(stdout.toString()), [
        'json',
        'unknownTags',
        'trailingBytes',
        'error',
      ]),
    ).toBeUndefined()
    expect(status).toBe(0)
  })

  it('are encoded to Kafka’s bytes, every one of them', async () => {
    const { stdout, status } = await ktool(
      ['protocol', 'encode', '--lines'],
      asLines(vectors.map(withoutHex)),
    )
    expect(firstDifference(vectors, parseLines(stdout.toString()), ['hex', 'error'])).toBeUndefined()
    expect(status).toBe(0)
  })
})

function withoutJson({ json: _json, unknownTags: _tags, ...rest }: Vector): Partial<Vector> {
  return rest
}

function withoutHex({ hex: _hex, ...rest }: Vector): Partial<Vector> {
  return rest
}

function asLines(vectors: object[]): string {
  return vectors.map((vector) => `${JSON.stringify(vector)}\n`).join('')
}

function parseLines(text: string): Vector[] {
  const lines = text.split('\n')
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Vector)
}

/** The first vector that is answered otherwise; one is enough to look at. */
function firstDifference(vectors: Vector[], answers: Vector[], keys: (keyof Vector)[]): object | undefined {
  if (answers.length !== vectors.length) return { vectors: vectors.length, answers: answers.length }
  for (const [index, vector] of vectors.entries()) {
    const answer = answers[index]
    const differing = keys.filter((key) => !isDeepStrictEqual(vector[key], answer?.[key]))
    if (differing.length > 0) return { vector, answer, differing }
  }
  return undefined
}
