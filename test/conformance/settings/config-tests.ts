import { expect, it } from 'vitest'
import type { Row, SettingsRoom } from './room.ts'
import { sortedLines } from './room.ts'

const loggers = 'org.apache.kafka.server.logger.LoggingController'

/** What ktool and kafka-configs tell of configs, and do to them, for everything that has any. */
export function configTests(room: () => SettingsRoom): void {
  it.each([
    ['topics', 'set-of', ['retention.ms=5000', 'cleanup.policy=compact,delete'], 'retention.ms'],
    ['brokers', '1', ['log.cleaner.threads=2', 'num.io.threads=9'], 'log.cleaner.threads'],
    ['brokers', 'default', ['message.max.bytes=1000012', 'num.io.threads=7'], 'message.max.bytes'],
    ['groups', 'g', ['consumer.session.timeout.ms=50000', 'share.session.timeout.ms=50000'], undefined],
    ['client-metrics', 'm', ['interval.ms=30000', 'metrics=a.b.,c.d', 'match=client_id=a.*'], 'match'],
    ['broker-loggers', '1', [`${loggers}=DEBUG`], undefined],
  ])('of %s are set by one and read by the other: %s', async (type, name, settings, unset) => {
    if (type === 'topics') await room().done('topics', 'create', name)
    await room().done('configs', 'set', type, name, ...settings)
    await areTheSame(type, name)
    const values = (await room().rows('configs', 'get', type, name)).map((row) => `${row.name}=${row.value}`)
    expect(values).toEqual(expect.arrayContaining(settings))
    // Of those beside it Kafka's tool leaves each as it is, and so do we.
    const [first = '', ...others] = settings
    const key = unset ?? first.slice(0, first.indexOf('='))
    await room().theyDo('configs', '--alter', ...theirName(type, name), '--delete-config', key)
    await areTheSame(type, name)
    const now = (await room().rows('configs', 'get', type, name)).map((row) => `${row.name}=${row.value}`)
    expect(now).toEqual(expect.arrayContaining(others.filter((each) => !each.startsWith(`${key}=`))))
    expect(now).not.toContain(settings.find((each) => each.startsWith(`${key}=`)))
    const added = bracketed(first)
    await room().theyDo('configs', '--alter', ...theirName(type, name), '--add-config', added)
    await areTheSame(type, name)
    await room().rows('configs', 'unset', type, name, ...settings.map(keyOf), '--yes')
    expect((await areTheSame(type, name)).some((line) => line.startsWith(` ${first} `))).toBe(false)
  })

  it.each([
    ['topics', 'set-of'],
    ['brokers', '1'],
    ['brokers', 'default'],
    ['client-metrics', 'm'],
    ['groups', 'g'],
  ])('of %s %s have all their values and synonyms from the same sources', async (type, name) => {
    if (type === 'client-metrics') await room().done('configs', 'set', type, name, 'interval.ms=40000')
    if (type === 'groups') await room().done('configs', 'set', type, name, 'share.session.timeout.ms=50000')
    await areTheSame(type, name, '--all')
  })

  it('that are secrets are covered by both', async () => {
    const key = 'listener.name.people.ssl.keystore.password'
    await room().theyDo('configs', '--alter', '--broker', '1', '--add-config', `${key}=hunter2`)
    const rows = await room().rows('configs', 'get', 'brokers', '1')
    expect(rows).toMatchObject([{ name: key, value: null, sensitive: true }])
    await areTheSame('brokers', '1')
    await room().done('configs', 'unset', 'brokers', '1', key)
    await areTheSame('brokers', '1')
  })

  it('of every resource of a type are those of all of them', async () => {
    await room().done('configs', 'set', 'groups', 'g2', 'consumer.heartbeat.interval.ms=6000')
    await room().done('configs', 'set', 'client-metrics', 'm2', 'interval.ms=60000')
    await room().done('configs', 'set', 'brokers', '1', 'log.cleaner.threads=2')
    for (const [type, entity] of [
      ['groups', 'groups'],
      ['client-metrics', 'client-metrics'],
      ['brokers', 'brokers'],
      ['topics', 'topics'],
    ] as const) {
      const said = await room().theirs('configs', '--describe', '--entity-type', entity)
      const rows = await room().rows('configs', 'get', type, '--synonyms')
      expect(rows.map(configLine).sort(), type).toEqual(configLines(said))
    }
    await room().done('configs', 'unset', 'brokers', '1', 'log.cleaner.threads')
  })

  it('get longer and shorter where they are lists', async () => {
    await room().done('configs', 'set', 'topics', 'set-of', 'cleanup.policy=delete')
    await room().done('configs', 'set', 'topics', 'set-of', 'cleanup.policy+=compact')
    expect(await areTheSame('topics', 'set-of')).toMatchObject([/^ cleanup.policy=delete,compact sensitive/])
    await room().done('configs', 'set', 'topics', 'set-of', 'cleanup.policy-=delete')
    expect(await areTheSame('topics', 'set-of')).toMatchObject([/^ cleanup.policy=compact sensitive/])
  })

  it.each([
    ['topics', 'set-of', 'retention.ms=soon'],
    ['topics', 'set-of', 'no.such.config=1'],
    ['topics', 'no-such-topic', 'retention.ms=1'],
    ['brokers', '1', 'node.id=4'],
    ['brokers', '1', 'num.io.threads=0'],
    ['brokers', 'default', 'node.id=4'],
    ['groups', 'g', 'consumer.session.timeout.ms=1'],
    ['groups', 'g', 'no.such.config=1'],
    ['client-metrics', 'm', 'interval.ms=5'],
    ['client-metrics', 'm', 'match=no_such=a'],
    ['broker-loggers', '1', 'no.such.logger=DEBUG'],
    ['broker-loggers', '1', 'root=LOUD'],
  ])('of %s %s are refused by both: %s', async (type, name, setting) => {
    const args = ['--alter', ...theirName(type, name), '--add-config', setting]
    const theirs = await room().theirRun('configs', ...args)
    const ours = await room().ours('configs', 'set', type, name, setting, '--yes')
    expect([theirs.status, ours.status, ours.errors.length], `${theirs.stdout}${theirs.stderr}`).toEqual([
      1, 1, 1,
    ])
  })

  it.each([
    ['topics', 'set-of', 0],
    ['brokers', '1', 0],
    ['brokers', 'default', 0],
    ['groups', 'g', 0],
    ['client-metrics', 'm', 0],
    ['broker-loggers', '1', 1],
  ])(
    'of %s %s that there are not are refused by ktool, where kafka-configs may say nothing',
    async (type, name, status) => {
      const args = ['--alter', ...theirName(type, name), '--delete-config', 'nope.x']
      expect((await room().theirRun('configs', ...args)).status).toBe(status)
      const ours = await room().ours('configs', 'unset', type, name, 'nope.x', '--yes')
      expect(ours).toMatchObject({
        status: 1,
        errors: [{ code: expect.stringMatching(/^no-such-(config|logger)$/) }],
      })
    },
  )

  it.each(['1', 'default'])('that no broker %s knows are kept by both, and taken away', async (name) => {
    await room().done('configs', 'set', 'brokers', name, 'plug.in=1')
    await areTheSame('brokers', name)
    await room().done('configs', 'set', 'brokers', name, 'plug.in=2')
    await room().done('configs', 'unset', 'brokers', name, 'plug.in')
    expect((await areTheSame('brokers', name)).filter((line) => line.includes('plug.in'))).toEqual([])
  })

  it('of two topics differ as their whole lists do', async () => {
    await room().done(
      'topics',
      'create',
      'other',
      '--config',
      'retention.ms=777',
      '--config',
      'segment.ms=888',
    )
    const [left, right] = await Promise.all(['set-of', 'other'].map((name) => wholeOf('topics', name)))
    const expected = [...(left ?? [])].filter(([name, value]) => right?.get(name) !== value)
    const { status, items } = await room().ours('configs', 'diff', 'topics', 'set-of', 'other')
    expect(status).toBe(3)
    expect(items.map((row) => [row.name, row.left, row.right])).toEqual(
      expected.map(([name, value]) => [name, value, right?.get(name)]),
    )
    expect(expected.length).toBe(3)
  })

  /** Of one resource, line by line. */
  async function areTheSame(type: string, name: string, ...all: '--all'[]): Promise<string[]> {
    const said = await room().theirs('configs', '--describe', ...theirName(type, name), ...all)
    const lines = (await room().rows('configs', 'get', type, name, '--synonyms', ...all))
      .map(configLine)
      .sort()
    expect(lines).toEqual(configLines(said))
    return lines
  }

  async function wholeOf(type: string, name: string): Promise<Map<string, string>> {
    const said = await room().theirs('configs', '--describe', ...theirName(type, name), '--all')
    const pairs = configLines(said).map((line) => /^ ([^=]+)=(.*) sensitive=/.exec(line) ?? [])
    return new Map(pairs.map(([, key = '', value = '']) => [key, value]))
  }
}

function theirName(type: string, name: string): string[] {
  if (name === 'default') return ['--broker-defaults']
  return [type === 'client-metrics' ? '--client-metrics' : `--${type.slice(0, -1)}`, name]
}

/** Kafka's tool takes a comma for the end of a config. */
function bracketed(setting: string): string {
  return setting.includes(',') ? setting.replace(/=(.*)/, '=[$1]') : setting
}

function keyOf(setting: string): string {
  return setting.slice(0, setting.indexOf('='))
}

/** As kafka-configs has it. */
function configLine({ name, value, sensitive, synonyms }: Row): string {
  const others = (synonyms as Row[]).map((each) => `${each.source}:${each.name}=${each.value}`)
  return ` ${name}=${value} sensitive=${sensitive} synonyms={${others.join(', ')}}`
}

function configLines(said: string): string[] {
  return sortedLines(said)
    .filter((line) => line.includes(' synonyms={'))
    .map((line) => ` ${line}`)
}
