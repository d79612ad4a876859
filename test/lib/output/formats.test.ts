import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import type { Format } from '../../../src/lib/output/formats.ts'
import { type Rendering, render } from '../../../src/lib/output/render.ts'
import { item, type ListOptions, list } from '../../../src/lib/output/result.ts'
import { column, type Shape } from '../../../src/lib/output/shape.ts'
import { fakeOutlet } from './fake-outlet.ts'
import { failure, lost, nowMs, odd, orders, type Parcel, parcels } from './rows.ts'

describe('a list in a pipe', () => {
  it('as json is an object with a version, its items a line each, and its errors', async () => {
    const { stdout, stderr } = await listed('json', { failures: [failure] })

    expect(stdout).toMatchInlineSnapshot(`
      "{"version":1,"items":[
      {"name":"orders","offset":42,"lag":7,"sizeBytes":1610612736,"writtenMs":1768478310000,"isInternal":false,"replicas":[1,2],"leader":1,"note":"plain"},
      {"name":"a \\"b\\", c\\\\\\u001b[31m\\t\\u202e","offset":"9223372036854775807","lag":3,"lagInfo":{"from":"file","bound":"atLeast"},"sizeBytes":0,"writtenMs":-1,"isInternal":true,"replicas":[],"leader":null,"note":"=1+1\\nnext"},
      {"name":"no","offset":-1,"lag":null,"lagInfo":{"reason":"no leader"},"sizeBytes":1,"writtenMs":1768478400000,"isInternal":false,"replicas":[3],"leader":3,"note":null}
      ],"errors":[
      {"item":"gone","code":"unknown-topic-or-partition","message":"there is no such topic","hint":"ktool topics list"}
      ]}
      "
    `)
    expect(JSON.parse(stdout).items[1].name).toBe(odd.name)
    expect(stderr).toBe('')
  })

  it('as jsonl is bare rows, and its errors are JSON on stderr', async () => {
    const { stdout, stderr } = await listed('jsonl', { failures: [failure] })

    expect(stdout).toMatchInlineSnapshot(`
      "{"name":"orders","offset":42,"lag":7,"sizeBytes":1610612736,"writtenMs":1768478310000,"isInternal":false,"replicas":[1,2],"leader":1,"note":"plain"}
      {"name":"a \\"b\\", c\\\\\\u001b[31m\\t\\u202e","offset":"9223372036854775807","lag":3,"lagInfo":{"from":"file","bound":"atLeast"},"sizeBytes":0,"writtenMs":-1,"isInternal":true,"replicas":[],"leader":null,"note":"=1+1\\nnext"}
      {"name":"no","offset":-1,"lag":null,"lagInfo":{"reason":"no leader"},"sizeBytes":1,"writtenMs":1768478400000,"isInternal":false,"replicas":[3],"leader":3,"note":null}
      "
    `)
    expect(stderr).toMatchInlineSnapshot(`
      "{"error":{"item":"gone","code":"unknown-topic-or-partition","message":"there is no such topic","hint":"ktool topics list"}}
      "
    `)
  })

  it('as yaml says the same as json', async () => {
    const { stdout } = await listed('yaml', { failures: [failure] })
    const json = await listed('json', { failures: [failure] })

    expect(stdout).toMatchInlineSnapshot(`
      "version: 1
      items:
        - name: orders
          offset: 42
          lag: 7
          sizeBytes: 1610612736
          writtenMs: 1768478310000
          isInternal: false
          replicas:
            - 1
            - 2
          leader: 1
          note: plain
        - name: "a \\"b\\", c\\\\\\e[31m\\t\\u202e"
          offset: "9223372036854775807"
          lag: 3
          lagInfo:
            from: file
            bound: atLeast
          sizeBytes: 0
          writtenMs: -1
          isInternal: true
          replicas: []
          leader: null
          note: "=1+1\\nnext"
        - name: no
          offset: -1
          lag: null
          lagInfo:
            reason: no leader
          sizeBytes: 1
          writtenMs: 1768478400000
          isInternal: false
          replicas:
            - 3
          leader: 3
          note: null
      errors:
        - item: gone
          code: unknown-topic-or-partition
          message: there is no such topic
          hint: ktool topics list
      "
    `)
    expect(parseYaml(stdout)).toEqual(JSON.parse(json.stdout))
  })

  it('as csv quotes as RFC 4180 does', async () => {
    const { stdout, stderr } = await listed('csv', { failures: [failure] })

    expect(visible(stdout)).toMatchInlineSnapshot(`
      "name,offset,lag,sizeBytes,writtenMs,isInternal,replicas,leader,note⏎
      orders,42,7,1610612736,1768478310000,false,"[1,2]",1,plain⏎
      "a ""b"", c\\␛[31m	⟨RLO⟩",9223372036854775807,3,0,-1,true,[],,"=1+1
      next"⏎
      no,-1,,1,1768478400000,false,[3],3,⏎
      "
    `)
    expect(stderr).toMatchInlineSnapshot(`
      "Error: gone: there is no such topic
        ktool topics list
      "
    `)
  })

  it('as tsv has one line a row, whatever is in it', async () => {
    expect(visible((await listed('tsv')).stdout)).toMatchInlineSnapshot(`
      "name	offset	lag	sizeBytes	writtenMs	isInternal	replicas	leader	note
      orders	42	7	1610612736	1768478310000	false	[1,2]	1	plain
      a "b", c\\\\␛[31m\\t⟨RLO⟩	9223372036854775807	3	0	-1	true	[]		=1+1\\nnext
      no	-1		1	1768478400000	false	[3]	3	
      "
    `)
  })

  it('as name is a name a line', async () => {
    expect((await listed('name')).stdout).toBe(`${orders.name}\n${odd.name}\n${lost.name}\n`)
  })

  it('as prom groups samples by metric and leaves out what is not known', async () => {
    expect(visible((await listed('prom')).stdout)).toMatchInlineSnapshot(`
      "# HELP ktool_parcel_lag Records not read yet.
      # TYPE ktool_parcel_lag gauge
      ktool_parcel_lag{name="orders"} 7
      ktool_parcel_lag{name="a \\"b\\", c\\\\␛[31m	⟨RLO⟩"} 3
      # HELP ktool_parcel_offset Where it is.
      # TYPE ktool_parcel_offset counter
      ktool_parcel_offset{name="orders",is_internal="false"} 42
      ktool_parcel_offset{name="a \\"b\\", c\\\\␛[31m	⟨RLO⟩",is_internal="true"} 9223372036854775807
      ktool_parcel_offset{name="no",is_internal="false"} -1
      "
    `)
  })

  it('as a table has tabs between cells and no ages, colours or alignment', async () => {
    expect((await listed('table', { failures: [failure] })).stdout).toMatchInlineSnapshot(`
      "NAME	OFFSET	LAG	SIZE	WRITTEN	INTERNAL	REPLICAS	NOTE
      orders	42	7	1.5GiB	2026-01-15T11:58:30.000Z	no	1,2	plain
      a "b", c\\\\x1b[31m\\t\\u202e	9223372036854775807	3	0B	-	yes	-	=1+1\\nnext
      no	-1	-	1B	2026-01-15T12:00:00.000Z	no	3	-
      "
    `)
  })

  it('as blocks has a line for each column', async () => {
    expect((await listed('table', { asBlocks: true })).stdout).toMatchInlineSnapshot(`
      "NAME	orders
      OFFSET	42
      LAG	7
      SIZE	1.5GiB
      WRITTEN	2026-01-15T11:58:30.000Z
      INTERNAL	no
      REPLICAS	1,2
      LEADER	1
      NOTE	plain

      NAME	a "b", c\\\\x1b[31m\\t\\u202e
      OFFSET	9223372036854775807
      LAG	3
      SIZE	0B
      WRITTEN	-
      INTERNAL	yes
      REPLICAS	-
      LEADER	-
      NOTE	=1+1\\nnext

      NAME	no
      OFFSET	-1
      LAG	-
      SIZE	1B
      WRITTEN	2026-01-15T12:00:00.000Z
      INTERNAL	no
      REPLICAS	3
      LEADER	3
      NOTE	-
      "
    `)
  })
})

describe('an empty list', () => {
  it.each<[Format, string]>([
    ['json', '{"version":1,"items":[],"errors":[]}\n'],
    ['jsonl', ''],
    ['yaml', 'version: 1\nitems: []\nerrors: []\n'],
    ['csv', 'name,offset,lag,sizeBytes,writtenMs,isInternal,replicas,leader,note\r\n'],
    ['name', ''],
    ['table', 'NAME\tOFFSET\tLAG\tSIZE\tWRITTEN\tINTERNAL\tREPLICAS\tNOTE\n'],
  ])('as %s', async (format, text) => {
    expect((await shown(list(parcels, []), format)).stdout).toBe(text)
  })
})

describe('one item in a pipe', () => {
  it('as json has its version beside its keys', async () => {
    expect((await shown(item(parcels, orders), 'json')).stdout).toMatchInlineSnapshot(`
      "{"version":1,"name":"orders","offset":42,"lag":7,"sizeBytes":1610612736,"writtenMs":1768478310000,"isInternal":false,"replicas":[1,2],"leader":1,"note":"plain"}
      "
    `)
  })

  it('as yaml says the same as json', async () => {
    const yaml = await shown(item(parcels, odd), 'yaml')
    const json = await shown(item(parcels, odd), 'json')
    expect(parseYaml(yaml.stdout)).toEqual(JSON.parse(json.stdout))
  })

  it('as csv is a list of one', async () => {
    expect((await shown(item(parcels, orders), 'csv')).stdout.split('\r\n')).toHaveLength(3)
  })

  it('has a line for each value of a list that asks for it', async () => {
    const columns = [
      column<Parcel>('replicas', { onePerLine: true }),
      column<Parcel>('name', { isInBlock: false }),
    ]
    const shape: Shape<Parcel> = { version: 1, columns }
    expect((await shown(item(shape, orders), 'table')).stdout).toBe('REPLICAS\t1\nREPLICAS\t2\n')
    expect((await shown(item(shape, { ...orders, replicas: [] }), 'table')).stdout).toBe('REPLICAS\t-\n')
  })

  it('as a table is a block', async () => {
    expect((await shown(item(parcels, orders), 'table')).stdout).toMatchInlineSnapshot(`
      "NAME	orders
      OFFSET	42
      LAG	7
      SIZE	1.5GiB
      WRITTEN	2026-01-15T11:58:30.000Z
      INTERNAL	no
      REPLICAS	1,2
      LEADER	1
      NOTE	plain
      "
    `)
  })
})

describe('headers', () => {
  it.each<Format>(['csv', 'tsv', 'table'])('are left out of %s on request', async (format) => {
    const { stdout } = await shown(list(parcels, [orders]), format, { hasHeaders: false })
    expect(stdout).toMatch(/^orders\b/)
  })
})

describe('csv for a spreadsheet', () => {
  it('keeps text from running as a formula, and leaves numbers alone', async () => {
    const { stdout } = await shown(list(parcels, [odd, lost]), 'csv', { isCsvSafe: true })
    expect(stdout).toContain(`"'=1+1\nnext"`)
    expect(stdout).toContain('no,-1,')
  })
})

function listed(format: Format, options: ListOptions = {}) {
  return shown(list(parcels, [orders, odd, lost], options), format)
}

async function shown(result: Parameters<typeof render>[0], format: Format, options: Partial<Rendering> = {}) {
  const stdout = fakeOutlet()
  const stderr = fakeOutlet()
  const defaults = { hasHeaders: true, isCsvSafe: false, isQuiet: false, nowMs }
  await render(result, { format, stdout, stderr, ...defaults, ...options })
  return { stdout: stdout.text(), stderr: stderr.text() }
}

/** Raw escapes have no place in a source file either. */
function visible(text: string): string {
  return text.replaceAll('\r\n', '⏎\n').replaceAll('\u001b', '␛').replaceAll('\u202e', '⟨RLO⟩')
}
