import { describe, expect, test } from 'vitest'
import { answerLines } from '../../../src/lib/protocol/line-stream.ts'
import { decodeLine, encodeLine } from '../../../src/lib/protocol/wire-lines.ts'

async function* inPieces(text: string, sizeBytes: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += sizeBytes) yield bytes.subarray(at, at + sizeBytes)
}

async function answersTo(
  text: string,
  sizeBytes = 7,
  answer = decodeLine,
): Promise<Record<string, unknown>[]> {
  const answers: unknown[] = []
  for await (const { values } of answerLines(inPieces(text, sizeBytes), answer)) answers.push(...values)
  return answers as Record<string, unknown>[]
}

const heartbeat = { api: 'Heartbeat', type: 'response', version: 0, hex: '0003' }
const named = { header: 'RequestHeader', version: 1, hex: '0003000c000000070002c3a9' }

describe('lines', () => {
  test.each([1, 2, 3, 1000])(
    'are answered in their order, however they are cut (%i bytes)',
    async (sizeBytes) => {
      const text = [heartbeat, named, heartbeat].map((line) => JSON.stringify(line)).join('\n')
      const answers = await answersTo(text, sizeBytes)
      expect(answers.map(({ json }) => json)).toStrictEqual([
        { errorCode: 3 },
        { requestApiKey: 3, requestApiVersion: 12, correlationId: 7, clientId: 'é' },
        { errorCode: 3 },
      ])
    },
  )

  test('that are empty are passed over, and Windows line ends are no trouble', async () => {
    expect(await answersTo(`\r\n${JSON.stringify(heartbeat)}\r\n\n`)).toHaveLength(1)
  })

  const bad: [string, string, RegExp][] = [
    ['not JSON', '{', /not JSON/],
    ['not an object', '3', /must be a JSON object/],
    [
      'nested without end',
      `{"deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      /nested more than 500 deep/,
    ],
    ['without a layout', '{"version":1,"hex":""}', /by api, header or record/],
    [
      'of an unknown API',
      '{"api":"Nope","type":"request","version":0,"hex":""}',
      /no API of Kafka is called Nope/,
    ],
    ['of an unknown version', '{"api":"Heartbeat","type":"request","version":9,"hex":""}', /no version 9/],
    ['of an unknown type', '{"api":"Heartbeat","type":"answer","version":0,"hex":""}', /request or response/],
    ['of an unknown record', '{"record":"Nope","version":0,"hex":""}', /no record/],
    ['of an unknown header', '{"header":"Nope","version":0,"hex":""}', /neither RequestHeader/],
    ['without hex', '{"api":"Heartbeat","type":"response","version":0}', /hex must be text, not nothing/],
    ['with half a byte', '{"api":"Heartbeat","type":"response","version":0,"hex":"000"}', /3 hex digits/],
    [
      'with other digits',
      '{"api":"Heartbeat","type":"response","version":0,"hex":"zz"}',
      /"z" is not a hex digit/,
    ],
    ['cut off', '{"api":"Heartbeat","type":"response","version":0,"hex":"00"}', /field errorCode/],
    ['of a name every object has', '{"api":"constructor","type":"request","version":0,"hex":""}', /no API/],
    ['of a header every object has', '{"header":"toString","version":0,"hex":""}', /neither/],
  ]
  test.each(bad)(
    '%s are answered with an error, and the next one is answered all the same',
    async (_, line, message) => {
      const [first, second] = await answersTo(`${line}\n${JSON.stringify(heartbeat)}\n`, 1000)
      expect(first?.error).toMatchObject({ message: expect.stringMatching(message), line: 1 })
      expect(second?.json).toStrictEqual({ errorCode: 3 })
    },
  )

  const unwritable: [string, object, RegExp][] = [
    ['a missing field', { json: {} }, /errorCode is missing/],
    ['a field of another version', { json: { errorCode: 1, throttleTimeMs: 0 } }, /no field throttleTimeMs/],
    ['no JSON', {}, /json must be there/],
    ['tags that are no array', { json: { errorCode: 1 }, unknownTags: 1 }, /unknownTags must be an array/],
    [
      'tags in a version without',
      { json: { errorCode: 1 }, unknownTags: [{ path: '', tag: 1, data: '' }] },
      /unknownTags/,
    ],
    [
      'tags at no place',
      { json: { errorCode: 1 }, unknownTags: [{ path: 'x[0]', tag: 1, data: '' }] },
      /no struct at/,
    ],
    [
      'tags at a place every object has',
      { json: { errorCode: 1 }, unknownTags: [{ path: '__proto__', tag: 1, data: '' }] },
      /no struct/,
    ],
  ]
  test.each(unwritable)('to encode with %s are answered with an error', async (_, extra, message) => {
    const { hex: _hex, ...line } = heartbeat
    const [answer] = await answersTo(JSON.stringify({ ...line, ...extra }), 1000, encodeLine)
    expect(answer?.error).toMatchObject({ message: expect.stringMatching(message) })
    expect(answer).not.toHaveProperty('hex')
  })

  test('keep bytes after the message, both ways', async () => {
    const [decoded] = await answersTo(JSON.stringify({ ...heartbeat, hex: '0003ff' }))
    expect(decoded).toMatchObject({ json: { errorCode: 3 }, trailingBytes: '/w==' })
    const [encoded] = await answersTo(JSON.stringify({ ...decoded, hex: undefined }), 99, encodeLine)
    expect(encoded?.hex).toBe('0003ff')
  })
})

describe('what stands in a line beside its question', () => {
  test.each([1, 2, 3])(
    'comes back as it was, cut in the middle of a character too (%i bytes)',
    async (sizeBytes) => {
      const [answer] = await answersTo(JSON.stringify({ ...heartbeat, note: 'é中😀' }), sizeBytes)
      expect(answer?.note).toBe('é中😀')
    },
  )

  test('does not pass for an answer', async () => {
    const stale = { ...heartbeat, error: 'old', json: { errorCode: 9 } }
    expect((await answersTo(JSON.stringify(stale)))[0]).toStrictEqual({
      ...heartbeat,
      json: { errorCode: 3 },
    })
    const [encoded] = await answersTo(JSON.stringify(stale), 99, encodeLine)
    expect(encoded).toMatchObject({ hex: '0009' })
    expect(encoded).not.toHaveProperty('error')
  })

  test.each(['!!!', 'AB==', 'AAA'])('must be base64 where bytes are meant: %s', async (text) => {
    const line = { api: 'Heartbeat', type: 'response', version: 4, json: { throttleTimeMs: 0, errorCode: 0 } }
    for (const extra of [{ trailingBytes: text }, { unknownTags: [{ path: '', tag: 7, data: text }] }]) {
      const [answer] = await answersTo(JSON.stringify({ ...line, ...extra }), 999, encodeLine)
      expect(answer?.error).toMatchObject({ message: expect.stringMatching(/must be base64 text/) })
    }
  })

  test.each([-1, 1.5, 2 ** 32, '7'])('must be a tag number where one is meant: %j', async (tag) => {
    const line = { api: 'Heartbeat', type: 'response', version: 4, json: { throttleTimeMs: 0, errorCode: 0 } }
    const [answer] = await answersTo(
      JSON.stringify({ ...line, unknownTags: [{ path: '', tag, data: '' }] }),
      999,
      encodeLine,
    )
    expect(answer?.error).toMatchObject({ message: expect.stringMatching(/must be a tag number/) })
  })
})
