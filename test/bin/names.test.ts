import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, describe as suite } from 'vitest'
import { environment, ktool } from '../ktool.ts'
import { brokerInProcess } from '../support/broker-in-process.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ktool-names-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))

suite('names for the tab key', () => {
  it('are asked of the cluster behind the first press, and there at the next', async () => {
    await using broker = await brokerInProcess()
    const words = ['__names', 'topics', 'lag', '-b', broker.bootstrap]
    expect((await run(words)).stdout).toBe('')
    const file = await untilKept()
    // The cluster has none yet; what the file holds is what is offered.
    writeFileSync(file, JSON.stringify({ topics: ['orders', 'payments.v2'], groups: ['billing'] }))
    expect((await run(words)).stdout).toBe('orders\npayments.v2\n')
    expect((await run(['__names', 'groups', '-b', broker.bootstrap])).stdout).toBe('billing\n')
    expect((await run(['__names', 'topics', '-b', '127.0.0.1:1'])).stdout).toBe('')
  })

  it('that a shell would run are left out', async () => {
    await using broker = await brokerInProcess()
    const words = ['__names', 'groups', '-b', broker.bootstrap]
    await run(words)
    const hostile = [
      '$(touch x)',
      '`id`',
      'a b',
      'a;b',
      "a'b",
      'a\nb',
      '\u001b[2J',
      '*',
      'x'.repeat(300),
      '',
      7,
      null,
    ]
    writeFileSync(await untilKept(), JSON.stringify({ groups: [...hostile, 'well'] }))
    expect((await run(words)).stdout).toBe('well\n')
  })

  it.each(['', '{', '[]', '{"topics":3}', 'null'])('are none where the file is %j', async (text) => {
    await using broker = await brokerInProcess()
    const words = ['__names', 'topics', '-b', broker.bootstrap]
    await run(words)
    writeFileSync(await untilKept(), text)
    expect(await run(words)).toMatchObject({ stdout: '', stderr: '', status: 0 })
  })

  it('of contexts are those of the file', async () => {
    mkdirSync(join(folder, 'config/ktool'), { recursive: true })
    const text =
      'version: 1\ncurrent: b\ncontexts:\n  a:\n    bootstrap: k1\n  b:\n    properties:\n      x: y\n  "c d":\n    bootstrap: k\nrest:\n  no: 1\n'
    writeFileSync(join(folder, 'config/ktool/contexts.yaml'), text)
    expect((await run(['__names', 'contexts'])).stdout).toBe('a\nb\n')
  })
})

async function run(words: readonly string[]) {
  const env = {
    ...environment,
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_CONFIG_HOME: join(folder, 'config'),
  }
  const { stdout, ...rest } = await ktool(words, '', env)
  return { ...rest, stdout: stdout.toString() }
}

/** The process that asks the cluster is nobody's child. */
async function untilKept(): Promise<string> {
  const cache = join(folder, 'cache/ktool')
  for (;;) {
    const name = readdirSync(cache).find((each) => /^names-.*\.json$/.test(each))
    if (name !== undefined) return join(cache, name)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
