import type { Assignor } from '../assignors/assignor.ts'
import { range } from '../assignors/range.ts'
import { uniform } from '../assignors/uniform.ts'

export type MigrationPolicy = 'bidirectional' | 'upgrade' | 'downgrade' | 'disabled'

/** What the settings of the broker and of a group say of consumer groups; asked anew each time. */
export interface ConsumerSettings {
  sessionTimeoutMs(groupId: string): number
  heartbeatIntervalMs(groupId: string): number
  /** A target is not computed anew before. */
  assignmentIntervalMs(groupId: string): number
  readonly maxSize: number
  /** The first one is for groups whose members name none. */
  readonly assignors: ReadonlyMap<string, Assignor>
  readonly regexRefreshIntervalMs: number
  readonly mayUpgrade: boolean
  readonly mayDowngrade: boolean
}

interface Configs {
  int(name: string): number
  list(name: string): readonly string[]
  string(name: string): string
  dynamicOf(type: 'group', name: string): ReadonlyMap<string, string>
}

const known: ReadonlyMap<string, Assignor> = new Map([
  ['uniform', uniform],
  ['range', range],
])

export function consumerSettings(configs: Configs): ConsumerSettings {
  const ofGroup = (groupId: string, name: string) =>
    Number(configs.dynamicOf('group', groupId).get(name) ?? configs.int(`group.${name}`))
  const policy = () => configs.string('group.consumer.migration.policy').toLowerCase() as MigrationPolicy
  return {
    sessionTimeoutMs: (groupId) => ofGroup(groupId, 'consumer.session.timeout.ms'),
    heartbeatIntervalMs: (groupId) => ofGroup(groupId, 'consumer.heartbeat.interval.ms'),
    assignmentIntervalMs: (groupId) => ofGroup(groupId, 'consumer.assignment.interval.ms'),
    get maxSize() {
      return configs.int('group.consumer.max.size')
    },
    get assignors() {
      return assignorsNamed(configs.list('group.consumer.assignors'))
    },
    get regexRefreshIntervalMs() {
      return configs.int('group.consumer.regex.refresh.interval.ms')
    },
    get mayUpgrade() {
      return ['bidirectional', 'upgrade'].includes(policy())
    },
    get mayDowngrade() {
      return ['bidirectional', 'downgrade'].includes(policy())
    },
  }
}

/** Kafka takes names of classes too; those are not to be had here. */
function assignorsNamed(names: readonly string[]): ReadonlyMap<string, Assignor> {
  const named = names.flatMap((name): [string, Assignor][] => {
    const assignor = known.get(name)
    return assignor === undefined ? [] : [[name, assignor]]
  })
  return named.length === 0 ? known : new Map(named)
}
