import { describe, expect, test } from 'vitest'
import { goldenFiles, goldenText } from '../golden/vectors.ts'
import { ktool } from '../ktool.ts'

const metadata = ['--api', 'Metadata', '--version', '4', '--type', 'request']
const request = '0003 0004 0000 0001\n 0004 74657374 ffffffff 01'

describe('ktool protocol decode', () => {
  test('prints a message as JSON; white space between hex digits does not matter', async () => {
    const { status, stdout, stderr } = await ktool(['protocol', 'decode', ...metadata], 'ff ff FF\nff 01\n')
    expect({ status, stderr }).toStrictEqual({ status: 0, stderr: '' })
    expect(JSON.parse(stdout.toString())).toStrictEqual({ topics: null, allowAutoTopicCreation: true })
  })

  test('takes raw bytes', async () => {
    const { stdout } = await ktool(
      ['protocol', 'decode', ...metadata, '--input', 'binary'],
      Buffer.from('ffffffff01', 'hex'),
    )
    expect(JSON.parse(stdout.toString())).toStrictEqual({ topics: null, allowAutoTopicCreation: true })
  })

  test('shows header and body apart, and bytes that follow them', async () => {
    const { stdout } = await ktool(['protocol', 'decode', ...metadata, '--header'], `${request}abcd`)
    expect(JSON.parse(stdout.toString())).toStrictEqual({
      header: { requestApiKey: 3, requestApiVersion: 4, correlationId: 1, clientId: 'test' },
      body: { topics: null, allowAutoTopicCreation: true },
      trailingBytes: 'q80=',
    })
  })

  test('lets a request say what it is', async () => {
    const named = await ktool(['protocol', 'decode', ...metadata, '--header'], request)
    const unnamed = await ktool(['protocol', 'decode', '--header'], request)
    expect(unnamed).toStrictEqual(named)
  })

  test('traces each range of bytes to its field', async () => {
    const { status, stdout } = await ktool(
      ['protocol', 'decode', '--header', '--trace', '-o', 'jsonl'],
      request,
    )
    expect(status).toBe(0)
    const ranges = stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(ranges.at(3)).toStrictEqual({
      start: 8,
      end: 14,
      hex: '000474657374',
      field: 'header.clientId',
      type: 'string',
      meaning: '"test"',
    })
    expect(ranges.map(({ field }) => field).slice(4)).toStrictEqual([
      'body.topics',
      'body.allowAutoTopicCreation',
    ])
  })

  test('traces what it can of a message that is cut, and fails', async () => {
    const { status, stdout, stderr } = await ktool(
      ['protocol', 'decode', '--header', '--trace'],
      request.slice(0, -2),
    )
    expect(status).toBe(1)
    expect(stdout.toString()).toMatch(/body\.topics\tcount\tnull\n$/)
    expect(stderr).toMatch(/field allowAutoTopicCreation: 1 bytes expected at byte 18, 0 are left/)
  })

  test('reads records of Kafka’s own logs', async () => {
    const { stdout } = await ktool(
      ['protocol', 'decode', '--record', 'EndTxnMarker', '--version', '0'],
      '00000007',
    )
    expect(JSON.parse(stdout.toString())).toStrictEqual({ coordinatorEpoch: 7 })
  })

  const wrong: [string, string[], string, number, RegExp][] = [
    ['no layout', [], '', 2, /--api is missing/],
    ['no version', ['--api', 'Metadata', '--type', 'request'], '', 2, /--version is missing/],
    ['a layout beside --lines', ['--lines', '--api', 'Metadata'], '', 2, /--lines/],
    ['an unknown API', ['--api', 'Nope', '--version', '1', '--type', 'request'], '', 1, /protocol apis/],
    [
      'an unknown version',
      ['--api', 'Metadata', '--version', '99', '--type', 'request'],
      '',
      1,
      /only 0 to 13/,
    ],
    ['a negative version', ['--api', 'Metadata', '--version', '-1', '--type', 'request'], '', 2, /version/],
    ['a format that a message does not have', [...metadata, '-o', 'yaml'], 'ffffffff01', 2, /not as yaml/],
    ['binary lines', ['--lines', '--input', 'binary'], '', 2, /--lines/],
    ['a wrong digit', metadata, 'fg', 1, /"g" is not a hex digit/],
    ['a cut message', metadata, 'ffff', 1, /field topics: 4 bytes expected at byte 0, 2 are left/],
    ['an unknown flag', [...metadata, '--tracee'], '', 2, /--trace/],
  ]
  test.each(wrong)('refuses %s with a sentence', async (_, args, input, status, message) => {
    const run = await ktool(['protocol', 'decode', ...args], input)
    expect({ status: run.status, stdout: run.stdout.toString() }).toStrictEqual({ status, stdout: '' })
    expect(run.stderr).toMatch(message)
  })
})

describe('ktool protocol encode', () => {
  test('takes back what decode prints, to the byte', async () => {
    const hex = `${request.replace(/\s/g, '')}ff`
    const decoded = await ktool(['protocol', 'decode', '--header'], hex)
    const encoded = await ktool(['protocol', 'encode', '--header'], decoded.stdout)
    expect(encoded.stdout.toString()).toBe(`${hex}\n`)
  })

  test('writes raw bytes', async () => {
    const { stdout } = await ktool(
      ['protocol', 'encode', ...metadata, '--output-bytes', 'binary'],
      '{"topics":null,"allowAutoTopicCreation":true}',
    )
    expect(stdout.toString('hex')).toBe('ffffffff01')
  })

  const wrong: [string, string, RegExp][] = [
    ['text that is not JSON', '{', /not JSON/],
    ['JSON that is no message', '[]', /must be an object/],
    ['a message without a field', '{"topics":null}', /allowAutoTopicCreation is missing/],
    [
      'a field of the wrong type',
      '{"topics":5,"allowAutoTopicCreation":true}',
      /topics must be an array or null, not 5/,
    ],
  ]
  test.each(wrong)('refuses %s with a sentence', async (_, input, message) => {
    const { status, stdout, stderr } = await ktool(['protocol', 'encode', ...metadata], input)
    expect({ status, stdout: stdout.toString() }).toStrictEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(message)
  })
})

describe('--lines', () => {
  const files = [
    ...goldenFiles('wire/messages'),
    ...goldenFiles('wire/messages-dropped'),
    ...goldenFiles('wire/records'),
  ]

  test('answers every golden line through the pipe, both ways', async () => {
    const lines = files.flatMap((file) => goldenText(file).trim().split('\n'))
    const [hexes, jsons] = [without(lines, ['json', 'unknownTags']), without(lines, ['hex'])]
    const decoded = await ktool(['protocol', 'decode', '--lines'], hexes)
    const encoded = await ktool(['protocol', 'encode', '--lines'], jsons)
    expect([decoded.status, encoded.status]).toStrictEqual([0, 0])
    const expected = lines.map((line) => JSON.parse(line))
    expect(parsed(decoded.stdout)).toStrictEqual(expected)
    expect(parsed(encoded.stdout)).toStrictEqual(expected)
  })

  test('answers a bad line with its error, goes on, and exits with 1', async () => {
    const good = '{"api":"Heartbeat","type":"response","version":0,"hex":"0003"}'
    const { status, stdout, stderr } = await ktool(
      ['protocol', 'decode', '--lines'],
      `${good}\nnonsense\n${good}\n`,
    )
    expect(status).toBe(1)
    expect(parsed(stdout)).toMatchObject([
      { json: { errorCode: 3 } },
      { error: { line: 2 } },
      { json: { errorCode: 3 } },
    ])
    expect(stderr).toMatch(/line 2: .*not JSON/)
  })

  function without(lines: string[], keys: string[]): string {
    return lines
      .map((line) =>
        JSON.stringify({ ...JSON.parse(line), ...Object.fromEntries(keys.map((key) => [key, undefined])) }),
      )
      .join('\n')
  }

  function parsed(stdout: Buffer): unknown[] {
    return stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  }
})

describe('ktool protocol apis', () => {
  interface Row {
    apiKey: number
    name: string
    minVersion: number
    maxVersion: number
  }

  test('lists what a release advertises', async () => {
    const tables = JSON.parse(goldenText('wire/tables/apis.json')) as {
      apis: { apiKey: number; wire: Record<string, [number, number]> }[]
    }
    const { stdout } = await ktool(['protocol', 'apis', '--release', '2.8.2', '-o', 'json'])
    const { items } = JSON.parse(stdout.toString()) as { items: Row[] }
    const expected = tables.apis.flatMap(({ apiKey, wire }) =>
      wire['2.8.2'] ? [[apiKey, ...wire['2.8.2']]] : [],
    )
    expect(items.map(({ apiKey, minVersion, maxVersion }) => [apiKey, minVersion, maxVersion])).toStrictEqual(
      expected,
    )
  })

  test('finds APIs by name and by key, and fails for what is none', async () => {
    const { status, stdout, stderr } = await ktool(['protocol', 'apis', 'fetch', '3', 'Offset', '-o', 'name'])
    expect(stdout.toString()).toBe('Fetch\nMetadata\n')
    expect(status).toBe(1)
    expect(stderr).toMatch(/Offset.*\n?.*did you mean .*OffsetFetch/)
  })

  test('says of an unknown release which ones it knows', async () => {
    const { status, stderr } = await ktool(['protocol', 'apis', '--release', '7.0'])
    expect(status).toBe(1)
    expect(stderr).toMatch(/4\.3\.1, .*2\.3\.1/)
  })
})

test('ktool protocol docs describes an API as JSON', async () => {
  const { stdout } = await ktool(['protocol', 'docs', 'SaslHandshake', '-o', 'json'])
  const { version, items } = JSON.parse(stdout.toString())
  expect(version).toBe(1)
  expect(items).toContainEqual(
    expect.objectContaining({ path: 'request.mechanism', type: 'string', versions: '0-1' }),
  )
})
