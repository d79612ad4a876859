import type { Words } from './random-world.ts'

/** Clients make their ids up themselves. */
const ALICE = 'q8iZvJ5TQZmJ3mJm0aYxXA'
const BOB = '2WbIhW9rTaKFQn0Vf3Yp6Q'
const members: Words = () => [ALICE, ALICE, BOB, '', 'nobody']
/** Of those that every topic has: what is not there Kafka's own client looks for again and again, for half a minute. */
const FIRST = () => [0]
const epochs: Words = () => [-1, 0, 0, 1, 1, 5]
const stateEpochs: Words = () => [-1, 0, 0, 1, 1, 5]
const offsets: Words = () => [-1, 0, 0, 1, 2, 5, 1000]
const partitions: Words = () => [0, 0, 0, 1, 2, 7, -1]

const acknowledgements: Readonly<Record<string, Words>> = {
  memberId: members,
  shareSessionEpoch: () => [-1, 0, 0, 1, 1, 2, 2_147_483_647],
  firstOffset: () => [0, 0, 1, 2, -1],
  lastOffset: () => [0, 0, 1, 2, 1000, -1],
  'acknowledgeTypes[]': () => [0, 1, 1, 2, 3, 4, 9, -1],
  isRenewAck: () => [false, false, true],
}

const states: Readonly<Record<string, Words>> = {
  partition: partitions,
  stateEpoch: stateEpochs,
  leaderEpoch: epochs,
  startOffset: offsets,
}

export const shareVocabulary: Readonly<Record<string, Readonly<Record<string, Words>>>> = {
  ShareGroupHeartbeat: {
    memberId: members,
    memberEpoch: () => [-1, 0, 0, 0, 1, 2, 7],
    rackId: () => [null, 'r', ''],
    'subscribedTopicNames[]': ({ topics, missing }) => [...topics, missing, '', 'no good!'],
  },
  ShareFetch: {
    ...acknowledgements,
    maxRecords: () => [0, 1, 500, -1],
    batchSize: () => [1, 500, 0],
    shareAcquireMode: () => [0, 0, 1, 9],
  },
  ShareAcknowledge: acknowledgements,
  InitializeShareGroupState: states,
  ReadShareGroupState: states,
  ReadShareGroupStateSummary: states,
  DeleteShareGroupState: states,
  WriteShareGroupState: {
    ...states,
    firstOffset: offsets,
    lastOffset: offsets,
    deliveryState: () => [0, 0, 2, 4, 3, 9],
    deliveryCount: () => [0, 1, 5, -1],
    deliveryCompleteCount: () => [-1, 0, 1],
  },
  FindCoordinator: {
    'coordinatorKeys[]': ({ groups, topicIds }) => [
      ...groups,
      ...[
        '',
        `${groups[0]}:${topicIds[0]}:0`,
        `${groups[0]}:${ALICE}:7`,
        `:${ALICE}:0`,
        `g:${ALICE}:x`,
        'g:0:0',
      ],
    ],
  },
  AlterShareGroupOffsets: { startOffset: offsets },
  DescribeShareGroupOffsets: { 'partitions[]': FIRST },
}
