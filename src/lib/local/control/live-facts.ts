import type { BrokerStatus } from '../../broker/broker-status.ts'
import type { StandingFault } from '../../broker/faults/fault-rule.ts'
import { type Column, computed } from '../../output/shape.ts'
import type { Value } from '../../output/value.ts'
import { formatDuration } from '../../values/durations.ts'
import { formatSize } from '../../values/sizes.ts'
import { askControl, type ControlWorld } from './ask-control.ts'

/** What a broker says of itself while it runs. */
export interface LiveFacts extends BrokerStatus {
  /** Of the broker, whose time may have been taken forward. */
  readonly nowMs: number
  readonly aheadMs: number
  readonly faults: readonly StandingFault[]
}

/** Nothing of a broker that cannot be asked: one of an earlier ktool, or one whose files were taken away. */
export async function liveFacts(dataDir: string, world: ControlWorld): Promise<LiveFacts | undefined> {
  try {
    return (await askControl(dataDir, { method: 'GET', path: '/status' }, world)) as LiveFacts
  } catch {
    return undefined
  }
}

const sometimes = { isInTable: false, isOptional: true }

export const liveColumns: readonly Column<Partial<LiveFacts>>[] = [
  computed('topics', ({ topics }) => topics, { ...sometimes, shown: topicWords }),
  computed('partitions', ({ partitions }) => partitions, { ...sometimes, isInBlock: false }),
  computed('groups', ({ groups }) => groups, { ...sometimes, shown: groupWords }),
  computed('groupStates', ({ groupStates }) => groupStates, { ...sometimes, isInBlock: false }),
  computed('connections', ({ connections }) => connections, sometimes),
  computed('clients', ({ clients }) => clients as unknown as Value, {
    ...{ ...sometimes, onePerLine: true },
    shown: clientWords,
  }),
  computed('rates', ({ rates }) => rates as unknown as Value, { ...sometimes, shown: rateWords }),
  computed('requests', ({ requests }) => requests, { ...sometimes, shown: requestWords }),
  computed('faults', ({ faults }) => faults as unknown as Value, {
    ...sometimes,
    shown: ({ faults }) => faults?.filter(({ state }) => state === 'active').length || undefined,
  }),
  computed('aheadMs', ({ aheadMs }) => aheadMs, {
    ...{ ...sometimes, header: 'AHEAD' },
    shown: ({ aheadMs }) => (aheadMs ? formatDuration(aheadMs) : undefined),
  }),
]

function topicWords({ topics, partitions }: Partial<LiveFacts>): string | undefined {
  return topics === undefined ? undefined : `${topics} with ${counted(partitions ?? 0, 'partition')}`
}

function groupWords({ groups, groupStates = {} }: Partial<LiveFacts>): string | undefined {
  if (groups === undefined) return undefined
  const states = Object.entries(groupStates).map(([state, count]) => `${count} ${state}`)
  return states.length === 0 ? '0' : states.join(', ')
}

function clientWords({ clients = [] }: Partial<LiveFacts>): string[] | undefined {
  if (clients.length === 0) return undefined
  return clients.map(({ clientId, softwareName, softwareVersion, peer, principal, requests }) => {
    const software = softwareName === 'unknown' ? '' : `, ${softwareName} ${softwareVersion}`
    const who = principal === 'User:ANONYMOUS' ? '' : `, ${principal}`
    return `${clientId ?? '-'} from ${peer.host}:${peer.port}${software}${who}, ${counted(requests, 'request')}`
  })
}

function rateWords({ rates }: Partial<LiveFacts>): string | undefined {
  if (rates === undefined) return undefined
  const { requestsPerSecond, receivedBytesPerSecond, sentBytesPerSecond } = rates
  const size = (bytes: number) => formatSize(Math.round(bytes))
  const requests = Math.round(requestsPerSecond * 10) / 10
  return `${requests} requests/s, ${size(receivedBytesPerSecond)}/s in, ${size(sentBytesPerSecond)}/s out`
}

const MOST_APIS = 6

function requestWords({ requests = {} }: Partial<LiveFacts>): string | undefined {
  const apis = Object.entries(requests)
  if (apis.length === 0) return undefined
  const words = apis.slice(0, MOST_APIS).map(([api, count]) => `${api} ${count}`)
  return apis.length > MOST_APIS ? `${words.join(', ')}, and others` : words.join(', ')
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
