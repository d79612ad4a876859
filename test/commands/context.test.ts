import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { perform } from '../../src/lib/cli/perform.ts'
import { socketNetwork } from '../../src/lib/network/sockets.ts'
import { systemClock } from '../../src/lib/ports/clock.ts'
import { systemRandom } from '../../src/lib/ports/random.ts'
import { listTransactions } from '../../src/lib/protocol/apis/list-transactions.ts'
import { metadata } from '../../src/lib/protocol/apis/metadata.ts'
import { fakeSurroundings } from '../lib/cli/surroundings.ts'
import { answers, scriptedPeer } from '../support/scripted-peer.ts'
import { classOf } from './run-command.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ktool-context-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

describe('contexts', () => {
  it('are listed, and the first one is current', async () => {
    await run('context add', 'staging', '-b', 'kafka1,kafka2:9093')
    await run('context add', 'prod', '-b', 'kafka9:9092', '-X', 'security.protocol=SSL', '--protect')
    const { items } = await run('context list')
    expect(items).toEqual([
      expect.objectContaining({ context: 'staging', current: true, security: 'PLAINTEXT', protected: false }),
      expect.objectContaining({ context: 'prod', current: false, security: 'SSL', protected: true }),
    ])
    expect(statSync(join(folder, 'ktool/contexts.yaml')).mode & 0o077).toBe(0)
  })

  it('are chosen, protected, changed and deleted', async () => {
    await run('context add', 'staging', '-b', 'kafka1')
    await run('context add', 'prod', '-b', 'kafka9', '-X', 'client.id=ops')
    expect((await run('context use', 'prod')).json).toMatchObject({ context: 'prod', current: true })
    expect((await run('context protect', 'prod')).json).toMatchObject({ protected: true })
    expect((await run('context protect', 'prod', '--off')).json).toMatchObject({ protected: false })
    const changed = await run('context add', 'prod', '-X', 'sasl.mechanism=PLAIN')
    expect(changed.json).toMatchObject({ bootstrap: 'kafka9', properties: ['client.id', 'sasl.mechanism'] })
    expect((await run('context delete', 'prod', 'nobody')).status).toBe(1)
    expect((await run('context list')).items).toEqual([expect.objectContaining({ context: 'staging' })])
  })

  it('that are not there are told, with those that are', async () => {
    await run('context add', 'staging', '-b', 'kafka1')
    for (const name of ['context use', 'context show', 'context protect']) {
      const { status, error } = await run(name, 'stagign')
      expect([name, status, error]).toEqual([
        name,
        1,
        expect.objectContaining({ code: 'no-such-context', hint: 'there are: staging' }),
      ])
    }
  })

  it.each([
    [['context add', 'new'], 'no-bootstrap'],
    [['context add', 'new', '-b', 'kafka1:99999'], 'invalid-bootstrap'],
    [['context add', 'new', '-b', ','], 'no-bootstrap'],
    [['context add', 'new', '-b', 'kafka1', '-X', 'nothing'], 'invalid-setting'],
    [['context add', 'new', '-b', 'kafka1', '-X', 'sasl.password=typed'], 'secret-typed'],
    [['context add', 'new', '-b', 'kafka1', '-X', 'ssl.key.password=-'], 'secret-typed'],
  ])('are not made of %j', async ([name = '', ...argv], code) => {
    expect(await run(name, ...argv)).toMatchObject({ status: 2, error: { code } })
    expect((await run('context list')).items).toEqual([])
  })

  it.each(['alice:hunter2@kafka1:9092', 'kafka1,alice:hun,hunter2@kafka1', 'sasl://alice:hunter2@kafka1'])(
    'are not made of the address %s, whose password is not repeated',
    async (address) => {
      const refused = await run('context add', 'new', '-b', address)
      expect(refused).toMatchObject({ status: 2, error: { code: 'invalid-bootstrap' } })
      expect(JSON.stringify(refused)).not.toMatch(/alice|hun/)
    },
  )

  it('never show what may be a secret', async () => {
    await run('context add', 'prod', '-b', 'kafka9', '-X', 'sasl.password=@/run/secret-place')
    for (const name of ['context list', 'context show']) {
      expect((await run(name)).stdout).not.toContain('secret-place')
    }
  })

  it.each(['*hunter2', '"a" hunter2', '@hunter2'])(
    'that are no YAML do not tell the password %s',
    async (password) => {
      await run('context add', 'prod', '-b', 'kafka9')
      const path = join(folder, 'ktool/contexts.yaml')
      writeFileSync(path, `${readFileSync(path)}    properties:\n      sasl.password: ${password}\n`)
      const { error } = await run('context show', '-v')
      expect(error).toMatchObject({ code: 'malformed-yaml' })
      expect(JSON.stringify(error)).not.toContain('hunter2')
    },
  )

  it('mean the cluster that answered first, and refuse another', async () => {
    await using one = await scriptedPeer([], { clusterId: 'first' })
    await using other = await scriptedPeer([], { clusterId: 'second' })
    await run('context add', 'prod', '-b', one.bootstrap)
    await run('topics list')
    expect((await run('context show')).json).toMatchObject({ clusterId: 'first' })
    await run('context add', 'prod', '-b', other.bootstrap)
    expect(await run('topics list')).toMatchObject({ status: 1, error: { code: 'wrong-cluster' } })
    await run('context add', 'prod', '--pin', 'none')
    expect((await run('topics list')).status).toBe(0)
    expect((await run('context show')).json).toMatchObject({ clusterId: 'second' })
  })

  it('cost no question more: who answers tells who else is there', async () => {
    await using peer = await scriptedPeer([
      answers(listTransactions, () => ({ errorCode: 0, transactionStates: [] })),
    ])
    await run('context add', 'prod', '-b', peer.bootstrap)
    expect((await run('txns list')).status).toBe(0)
    const whoIsThere = peer.of(metadata).filter(({ question }) => (question.topics as unknown[]).length === 0)
    expect(whoIsThere).toHaveLength(1)
  })

  it('give way to an address that is typed, and to the environment', async () => {
    await using peer = await scriptedPeer([])
    await run('context add', 'nowhere', '-b', '127.0.0.1:1')
    expect((await run('topics list')).status).toBe(5)
    expect((await run('topics list', '-b', peer.bootstrap)).status).toBe(0)
    const environment = { KTOOL_BOOTSTRAP: peer.bootstrap }
    expect((await runIn(environment, 'topics list')).status).toBe(0)
    expect((await runIn(environment, 'topics list', '-c', 'nowhere')).status).toBe(5)
    expect((await runIn({ KTOOL_CONTEXT: 'nobody' }, 'topics list')).error).toMatchObject({
      code: 'no-such-context',
    })
  })
})

const kaf = `current-cluster: b
clusters:
- name: a
  brokers: [k1:9092, k2:9092]
  SASL: null
  TLS: null
- name: b
  brokers: [k3:9093]
  security-protocol: SASL_SSL
  SASL: {mechanism: SCRAM-SHA-512, username: ops, password: hush}
  TLS: {cafile: /ca.pem, insecure: true}
`
const kafkactl = `contexts:
  default:
    brokers: [k1:9092]
  prod:
    brokers: [k9:9093]
    tls: {enabled: true, ca: /ca.pem, cert: /c.pem, certKey: /k.pem, insecure: false}
    sasl: {enabled: true, username: ops, password: hush, mechanism: scram-sha256}
current-context: prod
`
const rpk = `version: 6
current_profile: cloud
profiles:
  - name: cloud
    kafka_api:
      brokers: [seed:9092]
      tls: {}
      sasl: {user: ops, password: hush, mechanism: SCRAM-SHA-256}
`

describe('contexts of other tools', () => {
  it.each([
    ['kaf', kaf, ['a', 'PLAINTEXT'], ['b', 'SASL_SSL SCRAM-SHA-512']],
    ['kafkactl', kafkactl, ['default', 'PLAINTEXT'], ['prod', 'SASL_SSL SCRAM-SHA-256']],
    ['rpk', rpk, ['cloud', 'SASL_SSL SCRAM-SHA-256']],
  ])('are taken over from %s', async (_tool, text, ...expected) => {
    const { items, status } = await run('context import', file('config.yml', text))
    expect(status).toBe(0)
    expect(items.map(({ context, security }) => [context, security])).toEqual(expected)
  })

  it('come along with all that their files say', async () => {
    await run('context import', file('config', kaf))
    expect(readFileSync(join(folder, 'ktool/contexts.yaml'), 'utf8')).toContain(`  b:
    bootstrap: k3:9093
    properties:
      security.protocol: SASL_SSL
      sasl.mechanism: SCRAM-SHA-512
      sasl.username: ops
      sasl.password: hush
      ssl.ca.location: /ca.pem
      enable.ssl.certificate.verification: "false"
`)
  })

  it('do not replace ours unless they are to', async () => {
    await run('context add', 'a', '-b', 'mine:9092', '-X', 'client.id=me')
    const path = file('config', kaf)
    expect(await run('context import', path)).toMatchObject({ status: 1, items: [{ context: 'b' }] })
    expect((await run('context show', 'a')).json).toMatchObject({ bootstrap: 'mine:9092' })
    expect((await run('context import', path, '--replace')).status).toBe(0)
    expect((await run('context show', 'a')).json).toMatchObject({
      bootstrap: 'k1:9092,k2:9092',
      properties: [],
    })
  })

  it('are one where it is a properties file, by its name or another', async () => {
    const path = file('prod.properties', 'bootstrap.servers = k1:9092\nsecurity.protocol=SSL\n')
    expect((await run('context import', path)).items).toMatchObject([
      { context: 'prod', commandConfig: path },
    ])
    expect((await run('context import', path, '--name', 'p2')).items).toMatchObject([{ context: 'p2' }])
  })

  it.each([
    ['nothing of a cluster', 'a: 1\n', 'unknown-configuration'],
    ['no brokers', 'clusters: [{name: a}]\n', 'no-clusters'],
    ['no YAML', 'a: [\n', 'malformed-yaml'],
  ])('are refused where the file has %s', async (_what, text, code) => {
    expect(await run('context import', file('x', text))).toMatchObject({ status: 1, error: { code } })
  })
})

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

function run(name: string, ...argv: string[]) {
  return runIn({}, name, ...argv)
}

async function runIn(environment: Record<string, string>, name: string, ...argv: string[]) {
  const clock = systemClock(() => process.hrtime())
  const network = socketNetwork({ adoptsHandles: false, loop: null })
  const base = fakeSurroundings().surroundings
  const { surroundings, stdout, stderr } = fakeSurroundings({
    environment: { XDG_CONFIG_HOME: folder, ...environment },
    clock,
    world: async () => ({ ...(await base.world()), random: systemRandom, network }),
  })
  const request = { id: name.replace(' ', ':'), argv: [...argv, '-o', 'json'] }
  const status = await perform(await classOf(name), request, surroundings)
  const json = stdout.text() === '' ? {} : JSON.parse(stdout.text())
  const said = stderr
    .text()
    .split('\n')
    .find((line) => line.startsWith('{'))
  const error = said === undefined ? undefined : JSON.parse(said).error
  return {
    status,
    stdout: stdout.text(),
    json,
    items: (json.items ?? []) as Record<string, unknown>[],
    error,
  }
}
