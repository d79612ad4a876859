import { describe, expect, it } from 'vitest'
import { argument, argumentList } from '../../../src/lib/cli/arguments.ts'
import { BaseCommand, type CommandClass } from '../../../src/lib/cli/base-command.ts'
import { boolean, duration, integer, outputFlags, string, watchFlags } from '../../../src/lib/cli/flags.ts'
import { perform } from '../../../src/lib/cli/perform.ts'
import type { Surroundings } from '../../../src/lib/cli/surroundings.ts'
import { ConnectionError, FailedError } from '../../../src/lib/errors.ts'
import { type Batch, list, type Result, stream } from '../../../src/lib/output/result.ts'
import { column, type Shape } from '../../../src/lib/output/shape.ts'
import { fakeSurroundings } from './surroundings.ts'

interface Parcel {
  name: string
}

const shape: Shape<Parcel> = { version: 1, columns: [column('name')] }

class Parcels extends BaseCommand {
  static override args = { names: argumentList({ description: 'names' }) }
  static override flags = {
    ...outputFlags(shape),
    ...watchFlags,
    password: string(),
    loud: boolean(),
    limit: integer({ min: 1, exclusive: ['loud'] }),
    wait: duration({ exclusive: ['password'] }),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(Parcels)
    const names = args.names ?? []
    if (names.includes('bug')) throw new TypeError(`x is undefined`)
    if (names.includes('down')) return stream(shape, oneAndThenNothing())
    const failures = names
      .filter((name) => name === 'gone')
      .map((item) => ({ item, error: new FailedError('gone', 'it is gone') }))
    return list(shape, [{ name: `${names}${flags.wait ?? ''}` }], { failures })
  }
}

class One extends BaseCommand {
  static override args = { name: argument({ description: 'its name', required: true }) }
  static override flags = outputFlags(shape)

  async run(): Promise<Result> {
    const { args } = await this.parse(One)
    return list(shape, [{ name: args.name }])
  }
}

class Needy extends BaseCommand {
  static override flags = {
    ...outputFlags(shape),
    who: string({ required: true }),
    what: string({ required: true }),
  }

  async run(): Promise<Result> {
    const { flags } = await this.parse(Needy)
    return list(shape, [{ name: flags.who }])
  }
}

async function* oneAndThenNothing(): AsyncGenerator<Batch<Parcel>> {
  yield { rows: [{ name: 'first' }] }
  throw new ConnectionError('no-answer', 'nobody answered', { hint: 'ask again', details: { waitedMs: 5n } })
}

describe('a command', () => {
  it('prints what it returns', async () => {
    expect(await run(Parcels, 'a b --no-headers')).toEqual({ code: 0, stdout: 'a,b\n', stderr: '' })
  })

  it('has values of flags with their meaning', async () => {
    expect((await run(Parcels, '--wait 1m30s --no-headers')).stdout).toBe('90000\n')
  })

  it('that fails for an item says so and exits with 1', async () => {
    expect(await run(Parcels, 'a gone -o jsonl')).toEqual({
      code: 1,
      stdout: '{"name":"a,gone"}\n',
      stderr: '{"error":{"item":"gone","code":"gone","message":"it is gone","hint":null}}\n',
    })
  })

  it('that fails after some of its work exits with 1, whatever the reason', async () => {
    const { code, stdout, stderr } = await run(Parcels, 'down -o jsonl')

    expect({ code, stdout }).toEqual({ code: 1, stdout: '{"name":"first"}\n' })
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'no-answer', message: 'nobody answered', hint: 'ask again', details: { waitedMs: 5 } },
    })
  })

  it('that was interrupted exits with 130 although it came to its end', async () => {
    const { surroundings } = fakeSurroundings()
    surroundings.stop.request(130)
    expect(await perform(Parcels, { id: 'parcels:list', argv: [] }, surroundings)).toBe(130)
  })
})

describe('a bug', () => {
  it('exits with 70 and asks to be reported', async () => {
    const { code, stderr } = await run(Parcels, 'bug')

    expect(code).toBe(70)
    expect(stderr).toMatch(/^Error: ktool has a bug: x is undefined\n {2}please report it.*ktool\/1\.2\.3/)
    expect(stderr).not.toContain('perform.test.ts')
  })

  it('shows where it happened with -v', async () => {
    expect((await run(Parcels, 'bug -v')).stderr).toMatch(
      /\nTypeError: x is undefined\n +at .*perform\.test\.ts/,
    )
  })

  it('is JSON when the output is', async () => {
    const { stderr } = await run(Parcels, 'bug -o json -v')
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'bug', details: { stack: /TypeError/ } } })
  })
})

describe('a wrong command line', () => {
  it.each([
    ['--limti 5', 'unknown-flag', /no flag --limti$/, /did you mean --limit\?/],
    ['--zebra', 'unknown-flag', /no flag --zebra$/, /^ktool parcels list --help/],
    ['-Z', 'unknown-flag', /no flag -Z$/, /--help/],
    ['--limit', 'invalid-flag', /--limit expects a value/, /--help/],
    ['--limit x', 'invalid-flag', /--limit: .*integer.*x/, /--help/],
    ['--limit 0', 'invalid-flag', /--limit: .*greater than or equal to 1/, /--help/],
    ['--wait 5', 'invalid-duration', /^--wait: "5" is no duration$/, /5s/],
    ['--every 5s', 'invalid-flag', /--watch/, /--help/],
    ['--loud --limit 5', 'conflicting-flags', /^--loud cannot also be provided/, /--help/],
    ['--password hunter2 --wait 5s', 'conflicting-flags', /^--password cannot also be/, /--help/],
    ['--limit 1 --limit 2', 'invalid-flag', /only be specified once/, /--help/],
  ])('%s exits with 2 and says what to do', async (line, code, message, hint) => {
    const inWords = await run(Parcels, line)
    const asJson = await run(Parcels, `-o json ${line}`)

    expect(inWords).toMatchObject({ code: 2, stdout: '' })
    expect(inWords.stderr).toMatch(/^Error: .+\n {2}.+\n$/)
    expect(asJson).toMatchObject({ code: 2, stdout: '' })
    const error = { code, message: expect.stringMatching(message), hint: expect.stringMatching(hint) }
    expect(JSON.parse(asJson.stderr)).toEqual({ error: { ...error, details: {} } })
  })

  it.each([
    ['-o xml', /--output: "xml" is none of table, json, /],
    ['-o name', /--output: "name" is none of /],
    ['-o', /--output expects one of these values: table, /],
  ])('asks with %s for a format that there is none of', async (line, message) => {
    const { code, stderr } = await run(Parcels, line)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })

  it.each([
    ['', /^Error: --what and --who are needed\n {2}.+--help/],
    ['--who me', /^Error: --what is needed\n {2}.+--help/],
  ])('says in one sentence which flags are missing: "%s"', async (line, words) => {
    expect((await run(Needy, line)).stderr).toMatch(words)
  })

  it.each([
    ['', 'missing-argument', 'ktool parcels show needs NAME'],
    ['a b c', 'unexpected-argument', 'ktool parcels show has no place for "b c"'],
  ])('with the arguments "%s" says which are wrong', async (line, code, message) => {
    const { stderr } = await run(One, `${line} -o json`.trim(), 'parcels:show')
    expect(JSON.parse(stderr).error).toMatchObject({ code, message })
  })

  it.each([
    '--pasword=hunter2 -o json',
    '--password hunter2 --zebra -o json',
    '--password hunter2 bug -o json -v',
  ])('never repeats what may be a secret: %s', async (line) => {
    const { stdout, stderr } = await run(Parcels, line)
    expect(stdout + stderr).toContain('"error"')
    expect(stdout + stderr).not.toContain('hunter2')
  })
})

async function run(Class: CommandClass, line: string, id = 'parcels:list') {
  const { surroundings, stdout, stderr } = fakeSurroundings()
  const argv = line === '' ? [] : line.split(' ')
  const code = await perform(Class, { id, argv }, surroundings as Surroundings)
  return { code, stdout: stdout.text(), stderr: stderr.text() }
}
