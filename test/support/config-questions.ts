import type { Api } from '../../src/lib/protocol/api.ts'
import { alterConfigs } from '../../src/lib/protocol/apis/alter-configs.ts'
import { createTopics } from '../../src/lib/protocol/apis/create-topics.ts'
import { describeConfigs } from '../../src/lib/protocol/apis/describe-configs.ts'
import { incrementalAlterConfigs } from '../../src/lib/protocol/apis/incremental-alter-configs.ts'
import { listConfigResources } from '../../src/lib/protocol/apis/list-config-resources.ts'
import type { Fields } from '../../src/lib/schema/field.ts'
import { brokerValues, clientMetricsValues, groupValues, topicValues } from './config-values.ts'

/** One request about settings, to be put to a broker in its turn: what was altered before counts. */
export interface ConfigQuestion {
  readonly title: string
  readonly api: Pick<Api<Fields, Fields>, 'key' | 'name'> & { readonly request: unknown }
  readonly version: number
  readonly body: object
}

/** Said in server.properties, or as ours is started, when they are asked. */
export const settingsInQuestion = {
  'offsets.topic.num.partitions': '3',
  'transaction.state.log.num.partitions': '3',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  'auto.create.topics.enable': 'false',
  'log.index.size.max.bytes': '65536',
  'log.cleaner.backoff.ms': '200',
  'log.cleaner.dedupe.buffer.size': '4194304',
  'log.initial.task.delay.ms': '500',
  'log.retention.ms': '-1',
  'log.retention.hours': '5',
  'log.roll.hours': '2',
  'log.segment.bytes': '2000000 ',
  'log.cleanup.policy': 'compact, delete',
  'log.flush.scheduler.interval.ms': '99999',
  'num.partitions': '3',
  'compression.type': 'gzip',
  'group.consumer.session.timeout.ms': '50000',
  'queued.max.request.bytes': '200000000',
  'ssl.keystore.password': 'abc',
  'listener.name.plaintext.max.connections': '7',
  'setting.of.nobody': 'foo',
} as const

const TOPIC = 2
const BROKER = 4
const LOGGER = 8
const METRICS = 16
const GROUP = 32
const SET = 0
const DELETE = 1
const APPEND = 2
const SUBTRACT = 3

type Change = readonly [name: string, operation: number, value: string | null]

/** In this order, to a broker that has just been made. */
export function configQuestions(): readonly ConfigQuestion[] {
  return [
    ...aboutNewTopics(),
    ...aboutAll(),
    ...aboutValues(),
    ...aboutLists(),
    ...aboutOrder(),
    ...aboutBrokers(),
    ...aboutOthers(),
    ...theOldWay(),
  ]
}

function aboutNewTopics(): ConfigQuestion[] {
  return [
    create(
      'settings',
      [
        ['retention.ms', '99'],
        ['compression.gzip.level', ' 5'],
      ],
      false,
    ),
    create('unknown', [['nope', '1']]),
    create('no-number', [['retention.ms', 'x']]),
    create('nulls', [
      ['retention.ms', null],
      ['nope', null],
    ]),
    create('too-small', [['segment.bytes', '1']]),
    create('at-odds', [
      ['min.compaction.lag.ms', '10'],
      ['max.compaction.lag.ms', '5'],
    ]),
    create('twice', [
      ['retention.ms', '1'],
      ['retention.ms', '2'],
    ]),
    create('tiered', [['remote.storage.enable', 'true']]),
    create('no-policy', [['cleanup.policy', '']]),
    create('nameless', [['', 'x']]),
  ]
}

function aboutAll(): ConfigQuestion[] {
  return [
    describe(TOPIC, 'settings', null),
    ...['internal.segment.bytes', 'nope', ''].map((key) => describe(TOPIC, 'settings', [key])),
    ...['', 'a b', '..', 'nobody', 'x'.repeat(250)].map((name) => describe(TOPIC, name, null)),
    describe(TOPIC, 'settings', ['retention.ms', 'retention.ms'], { version: 1 }),
    describe(BROKER, '1', null),
    describe(BROKER, '1', null, { isBrief: true }),
    describe(BROKER, '1', ['log.initial.task.delay.ms', 'unstable.api.versions.enable']),
    describe(BROKER, '1', ['listener.name.plaintext.max.connections', 'max.connections', 'nope']),
    ...['', '01', '-1', '2', 'x', '99999999999'].map((name) => describe(BROKER, name, ['node.id'])),
    ...['', '2', 'x'].map((name) => describe(LOGGER, name, null)),
    ...['', 'g'].flatMap((name) => [describe(GROUP, name, null), describe(METRICS, name, null)]),
    ...[0, 1, 99].map((type) => describe(type, 'x', null)),
    { title: 'describe nothing', api: describeConfigs, version: 4, body: { resources: [] } },
  ]
}

function aboutValues(): ConfigQuestion[] {
  return [
    ...topicValues.map(([name, value]) => attempt(TOPIC, 'settings', [[name, SET, value]])),
    attempt(TOPIC, 'settings', [
      ['min.compaction.lag.ms', SET, '10'],
      ['max.compaction.lag.ms', SET, '5'],
    ]),
    attempt(TOPIC, 'settings', [
      ['retention.ms', SET, 'x'],
      ['nope', SET, '1'],
    ]),
    attempt(TOPIC, 'settings', [
      ['segment.ms', SET, null],
      ['retention.ms', SET, null],
    ]),
    alter(TOPIC, 'settings', [
      ['retention.ms', SET, '5'],
      ['segment.ms', SET, 'x'],
    ]),
    describe(TOPIC, 'settings', ['retention.ms', 'segment.ms']),
    ...brokerValues.map(([broker, name, value]) => attempt(BROKER, broker, [[name, SET, value]])),
    attempt(BROKER, '', [
      ['log.retention.ms', SET, '100'],
      ['log.local.retention.ms', SET, '1000'],
    ]),
    attempt(BROKER, '', [
      ['log.retention.ms', SET, '100'],
      ['log.local.retention.ms', SET, '-1'],
    ]),
    attempt(BROKER, '', [
      ['log.retention.bytes', SET, '100'],
      ['log.local.retention.bytes', SET, '1000'],
    ]),
    attempt(BROKER, '1', [
      ['node.id', SET, '1'],
      ['num.partitions', SET, '2'],
      ['nope', SET, '1'],
    ]),
    ...groupValues.map(([name, value]) => attempt(GROUP, 'g', [[name, SET, value]])),
    ...clientMetricsValues.map(([name, value]) => attempt(METRICS, 'm', [[name, SET, value]])),
  ]
}

function aboutLists(): ConfigQuestion[] {
  const policy = (operation: number, value: string | null) =>
    alter(TOPIC, 'settings', [['cleanup.policy', operation, value]])
  const now = describe(TOPIC, 'settings', ['cleanup.policy', 'leader.replication.throttled.replicas'])
  return [
    ...[policy(APPEND, 'delete'), now, policy(APPEND, 'compact,delete'), now],
    ...[policy(APPEND, ' compact , delete'), now, policy(APPEND, 'foo'), policy(APPEND, null)],
    ...[policy(SUBTRACT, 'foo'), policy(SUBTRACT, 'compact,delete'), now, policy(SUBTRACT, null)],
    ...[policy(DELETE, null), policy(SUBTRACT, 'delete'), now, policy(DELETE, 'with a value'), now],
    ...[policy(SET, 'compact,compact'), now, policy(SET, 'delete , compact,delete'), now, policy(9, 'x')],
    alter(TOPIC, 'settings', [['leader.replication.throttled.replicas', SET, '0:1,0:1']]),
    alter(TOPIC, 'settings', [['leader.replication.throttled.replicas', APPEND, '0:1,1:1']]),
    now,
    alter(TOPIC, 'settings', [['retention.ms', APPEND, '1']]),
    alter(TOPIC, 'settings', [['nope', SUBTRACT, '1']]),
    alter(TOPIC, 'settings', [
      ['cleanup.policy', SET, 'compact'],
      ['cleanup.policy', DELETE, null],
    ]),
    alter(TOPIC, 'settings', [
      ['min.cleanable.dirty.ratio', SET, '1e-4'],
      ['preallocate', SET, ' TRUE '],
    ]),
    describe(TOPIC, 'settings', ['min.cleanable.dirty.ratio', 'preallocate']),
    alter(TOPIC, 'settings', [
      ['nope', DELETE, null],
      ['segment.ms', DELETE, null],
    ]),
  ]
}

function aboutOrder(): ConfigQuestion[] {
  const resources: readonly [number, string][] = [
    [TOPIC, 'nobody'],
    [BROKER, '1'],
    [TOPIC, 'settings'],
    [LOGGER, '1'],
    [BROKER, '7'],
    [GROUP, 'g'],
    [METRICS, 'm'],
    [TOPIC, ''],
    [TOPIC, 'a b'],
    [GROUP, ''],
    [METRICS, ''],
    [0, 'x'],
    [99, 'x'],
  ]
  const both = resources.map(([resourceType, resourceName]) => ({ resourceType, resourceName, configs: [] }))
  const twice = [both[1], both[2], both[2]]
  // Of two that are the same to it Kafka never speaks, the old way: all types that it does not know are one
  const unlike = both.filter(({ resourceType }) => resourceType !== 0)
  return [
    { title: 'all kinds', api: incrementalAlterConfigs, version: 1, body: { resources: both } },
    {
      title: 'all kinds, the old way',
      api: alterConfigs,
      version: 2,
      body: { resources: unlike, validateOnly: true },
    },
    { title: 'the same twice', api: incrementalAlterConfigs, version: 0, body: { resources: twice } },
    { title: 'nothing', api: incrementalAlterConfigs, version: 1, body: { resources: [] } },
  ]
}

function aboutBrokers(): ConfigQuestion[] {
  const retention = ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours', 'log.roll.hours']
  const all = [
    ...[describe(BROKER, '1', retention), describe(BROKER, '', null)],
    ...[describe(TOPIC, 'settings', null), describe(BROKER, '1', null), describe(GROUP, 'g', null)],
  ]
  return [
    alter(BROKER, '1', [
      ['log.retention.ms', SET, '1234567'],
      ['log.flush.interval.ms', SET, '44'],
    ]),
    alter(BROKER, '', [
      ['log.roll.ms', SET, '7777777'],
      ['log.retention.ms', SET, '99999'],
    ]),
    alter(BROKER, '', [
      ['log.cleanup.policy', APPEND, 'compact'],
      ['setting.of.mine', SET, 'x'],
    ]),
    alter(BROKER, '', [['follower.replication.throttled.rate', SET, '60']]),
    alter(BROKER, '', [['group.consumer.assignment.interval.ms', SET, '2000']]),
    ...all,
    create('later', []),
    alter(BROKER, '1', [
      ['log.retention.ms', DELETE, null],
      ['node.id', DELETE, null],
    ]),
    ...all,
    attempt(BROKER, '', [['log.retention.ms', APPEND, '5']]),
    attempt(BROKER, '', [['nope', SUBTRACT, '5']]),
    attempt(BROKER, '1', [['advertised.listeners', APPEND, '5']]),
    attempt(BROKER, '1', [['log.retention.ms', 9, '1']]),
    attempt(BROKER, '1', [['log.retention.ms', SET, null]]),
  ]
}

function aboutOthers(): ConfigQuestion[] {
  return [
    alter(GROUP, 'g', [['consumer.session.timeout.ms', SET, '55000']]),
    describe(GROUP, 'g', ['consumer.session.timeout.ms', 'share.isolation.level']),
    attempt(GROUP, 'g', [['consumer.session.timeout.ms', APPEND, '45000']]),
    alter(METRICS, 'm', [
      ['interval.ms', SET, '1000'],
      ['metrics', SET, 'a.b , c'],
    ]),
    alter(METRICS, 'm', [['metrics', APPEND, 'd']]),
    describe(METRICS, 'm', null),
    ...[[], [TOPIC], [BROKER], [METRICS], [GROUP], [LOGGER], [0], [1], [TOPIC, TOPIC], [TOPIC, 99]].map(list),
    { title: 'list v0', api: listConfigResources, version: 0, body: {} },
    alter(GROUP, 'g', [['consumer.session.timeout.ms', DELETE, null]]),
    alter(METRICS, 'm', [
      ['interval.ms', DELETE, null],
      ['metrics', DELETE, null],
    ]),
    list([]),
    ...['root', 'x.y'].map((name) => attempt(LOGGER, '1', [[name, SET, 'LOUD']])),
    attempt(LOGGER, '1', [['root', APPEND, 'INFO']]),
    attempt(LOGGER, '1', [['root', DELETE, null]]),
    ...['', '2'].map((name) => attempt(LOGGER, name, [['root', SET, 'INFO']])),
  ]
}

function theOldWay(): ConfigQuestion[] {
  const now = describe(TOPIC, 'settings', ['retention.ms', 'segment.bytes', 'cleanup.policy'])
  const old = (type: number, name: string, configs: readonly (readonly [string, string | null])[]) => ({
    title: `replace ${type} ${name} ${JSON.stringify(configs)}`,
    api: alterConfigs,
    version: 2,
    body: {
      resources: [
        resourceOf(
          type,
          name,
          configs.map(([key, value]) => ({ name: key, value })),
        ),
      ],
    },
  })
  return [
    ...[
      old(TOPIC, 'settings', [
        ['retention.ms', '5'],
        ['segment.bytes', '3000000'],
      ]),
      now,
    ],
    ...[old(TOPIC, 'settings', [['cleanup.policy', 'compact']]), now, old(TOPIC, 'settings', []), now],
    old(TOPIC, 'settings', [['retention.ms', null]]),
    old(TOPIC, 'settings', [
      ['retention.ms', '1'],
      ['retention.ms', '2'],
    ]),
    old(TOPIC, 'settings', [['nope', '1']]),
    old(TOPIC, 'settings', [['retention.ms', 'x']]),
    old(TOPIC, 'nobody', [['retention.ms', '1']]),
    old(BROKER, '1', [['message.max.bytes', '5000']]),
    ...[describe(BROKER, '1', ['message.max.bytes']), old(BROKER, '1', [])],
    ...[describe(BROKER, '1', ['message.max.bytes']), old(BROKER, '1', [['node.id', '1']])],
    old(BROKER, '2', []),
    old(LOGGER, '1', [['root', 'INFO']]),
  ]
}

function create(name: string, configs: readonly (readonly [string, string | null])[], validateOnly = true) {
  const topic = {
    name,
    numPartitions: 1,
    replicationFactor: 1,
    assignments: [],
    configs: configs.map(([key, value]) => ({ name: key, value })),
  }
  const body = { topics: [topic], timeoutMs: 5000, validateOnly }
  return { title: `create ${name}`, api: createTopics, version: 7, body }
}

function describe(
  resourceType: number,
  resourceName: string,
  configurationKeys: readonly string[] | null,
  { version = 4, isBrief = false } = {},
): ConfigQuestion {
  const resources = [{ resourceType, resourceName, configurationKeys }]
  const title = `describe ${resourceType} ${resourceName} ${JSON.stringify(configurationKeys)}`
  return { title, api: describeConfigs, version, body: { resources, includeSynonyms: !isBrief } }
}

function attempt(type: number, name: string, changes: readonly Change[]): ConfigQuestion {
  return alter(type, name, changes, true)
}

function alter(type: number, name: string, changes: readonly Change[], validateOnly = false): ConfigQuestion {
  const configs = changes.map(([key, configOperation, value]) => ({ name: key, configOperation, value }))
  return {
    title: `${validateOnly ? 'try' : 'alter'} ${type} ${name} ${JSON.stringify(changes)}`,
    api: incrementalAlterConfigs,
    version: 1,
    body: { resources: [resourceOf(type, name, configs)], validateOnly },
  }
}

function resourceOf(resourceType: number, resourceName: string, configs: readonly object[]) {
  return { resourceType, resourceName, configs }
}

function list(resourceTypes: readonly number[]): ConfigQuestion {
  return {
    title: `list ${resourceTypes.join(' ')}`,
    api: listConfigResources,
    version: 1,
    body: { resourceTypes },
  }
}
