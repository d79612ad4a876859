import { describe, expect, it } from 'vitest'
import { argument } from '../../../src/lib/cli/arguments.ts'
import { BaseCommand } from '../../../src/lib/cli/base-command.ts'
import { describeCommand } from '../../../src/lib/cli/describe-command.ts'
import { boolean, outputFlags } from '../../../src/lib/cli/flags.ts'
import { indexOf } from '../../../src/lib/cli/manifest.ts'
import { runProgram } from '../../../src/lib/cli/program.ts'
import { list, type Result } from '../../../src/lib/output/result.ts'
import { column, type Shape } from '../../../src/lib/output/shape.ts'
import { fakeOutlet } from '../output/fake-outlet.ts'
import { fakeSurroundings } from './surroundings.ts'

const shape: Shape<{ name: string }> = { version: 1, columns: [column('name')] }

class ParcelsList extends BaseCommand {
  static override summary = 'List parcels.'
  static override description = 'All of them,\nor only some.\n\nIt takes a while.'
  static override examples = [
    { description: 'Those of today', command: 'echo today | <%= config.bin %> parcels list orders' },
  ]
  static override args = { name: argument({ description: 'a name', required: true }) }
  static override flags = outputFlags(shape)

  async run(): Promise<Result> {
    const { args } = await this.parse(ParcelsList)
    return list(shape, [{ name: args.name }])
  }
}

class Lag extends BaseCommand {
  static override summary = 'Print the lag.'
  static override flags = {
    all: boolean({ summary: 'Of all.' }),
    now: boolean({ char: 'n', summary: 'At once.' }),
  }

  async run(): Promise<Result> {
    await this.parse(Lag)
    return list(shape, [])
  }
}

const classes = { lag: Lag, 'parcels:list': ParcelsList, 'boxes:stack': Lag, 'boxes:stack:high': Lag }
const manifest = Object.entries(classes).map(([id, Class]) => describeCommand(id, Class))

describe('ktool', () => {
  it.each(['parcels list a', 'parcel ls a', '-o table parcels list a'])('runs "%s"', async (line) => {
    expect(await run(line)).toEqual({ code: 0, stdout: 'NAME\na\n', stderr: '' })
  })

  it.each([
    ['parcles list', 'there is no command "parcles"', 'did you mean ktool parcels list? '],
    ['parcels lst a', 'there is no command "parcels lst"', 'did you mean ktool parcels list? '],
    ['parcels zebra', 'there is no command "parcels zebra"', 'ktool parcels --help lists its commands'],
    ['list parcels', 'there is no command "list"', 'did you mean ktool parcels list? '],
    ['lga', 'there is no command "lga"', 'did you mean ktool lag? '],
    ['zebra s3cret', 'there is no command "zebra"', 'ktool help lists the commands'],
    ['help parcles', 'there is no command "parcles"', 'did you mean ktool parcels? '],
    ['-v', 'a command is missing', 'ktool help lists them'],
    ['parcel --nope', 'ktool parcels takes no flag --nope', 'ktool parcels --help lists its commands'],
    ['help --nope', 'ktool help takes no flag --nope', 'ktool help lists the commands'],
  ])('says of "%s" what was meant, and exits with 2', async (line, message, hint) => {
    const { code, stdout, stderr } = await run(line)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr.split('\n')[0]).toBe(`Error: ${message}`)
    expect(stderr).toContain(`\n  ${hint}`)
    expect(stderr).not.toContain('s3cret')
  })

  it('says so as JSON when the output was to be JSON', async () => {
    const { code, stderr } = await run('zebra -o json')
    expect(code).toBe(2)
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'unknown-command', details: {} } })
  })
})

describe('help', () => {
  it.each(['', 'help', '--help', '-h'])('on all of it is what "%s" prints', async (line) => {
    const { code, stdout } = await run(line)

    expect(code).toBe(0)
    expect(stdout).toMatch(/^ktool 1\.2\.3: A toolkit\n/)
    expect(stdout).toMatch(/\n {2}parcels +Parcels and where they are\.\n/)
    expect(stdout).toMatch(/\n {2}lag +Print the lag\.\n/)
  })

  it.each(['parcels', 'parcel', 'parcels --help', 'help parcel'])('on a topic is "%s"', async (line) => {
    const { code, stdout } = await run(line)

    expect(code).toBe(0)
    expect(stdout).toMatch(/^Parcels and where they are\./)
    expect(stdout).toMatch(/\n {2}parcels list +List parcels\.\n$/)
  })

  it('on a topic has commands of three words beside the others', async () => {
    const { code, stdout } = await run('boxes --help')

    expect(code).toBe(0)
    expect(stdout).toMatch(
      /COMMANDS\n {2}boxes stack +Print the lag\.\n {2}boxes stack high +Print the lag\.\n$/,
    )
    expect(stdout).not.toContain('TOPICS')
  })

  it.each(['help parcels list', 'parcels list --help', 'parcel ls a -h'])(
    'on a command is "%s"',
    async (line) => {
      expect((await run(line)).stdout).toMatchInlineSnapshot(`
        "List parcels.

        USAGE
          $ ktool parcels list NAME [-o FORMAT] [--no-headers] [--csv-safe] [-q] [-v]

        ARGUMENTS
          NAME  a name

        OUTPUT FLAGS
          -o, --output=FORMAT  [default: table] How to print: table, json, jsonl, yaml, csv, tsv.
              --no-headers     Leave out the header of a table, of csv and tsv.
              --csv-safe       Keep a spreadsheet from running csv or tsv as formulas.

        TALK FLAGS
          -q, --quiet    Say nothing on stderr but errors.
          -v, --verbose  Say more of what goes wrong.

        DESCRIPTION
          All of them, or only some.

          It takes a while.

        EXAMPLES
          Those of today

            $ echo today | ktool parcels list orders
        "
      `)
    },
  )

  it('has the flags of a section in line, whether or not the first has a short name', async () => {
    const { stdout } = await run('lag --help')
    expect(stdout).toContain('\nFLAGS\n      --all  Of all.\n  -n, --now  At once.\n')
  })

  it('fits the terminal that it is read on', async () => {
    const stdout = fakeOutlet({ isTerminal: true, width: 64 })
    await run('parcels list --help', stdout)
    const lines = stdout.text().split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(64)
  })
})

async function run(line: string, outlet = fakeOutlet()) {
  const { surroundings, stderr } = fakeSurroundings({ manifest: () => manifest, stdout: outlet })
  const load = async (id: string) => classes[id as keyof typeof classes]
  const argv = line === '' ? [] : line.split(' ')
  const code = await runProgram({ index: indexOf(manifest), load }, argv, surroundings)
  return { code, stdout: outlet.text(), stderr: stderr.text() }
}
