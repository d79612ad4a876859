import { describe, expect, it } from 'vitest'
import type { Assignor } from '../../../../../../src/lib/broker/coordinators/group/assignors/assignor.ts'
import { range } from '../../../../../../src/lib/broker/coordinators/group/assignors/range.ts'
import { simple } from '../../../../../../src/lib/broker/coordinators/group/assignors/simple.ts'
import { uniform } from '../../../../../../src/lib/broker/coordinators/group/assignors/uniform.ts'
import {
  type Assignment,
  assignmentOf,
} from '../../../../../../src/lib/broker/coordinators/group/modern/assignment.ts'
import { newTarget } from '../../../../../../src/lib/broker/coordinators/group/modern/target-assignment.ts'
import { goldenLines } from '../../../../../golden/vectors.ts'

type Partitions = Readonly<Record<string, readonly number[]>>

interface Scene {
  readonly what: string
  readonly topics: readonly { readonly name: string; readonly id: string; readonly partitions: number }[]
  readonly members: readonly {
    readonly id: string
    readonly instanceId?: string
    readonly topics: readonly string[]
    readonly owned?: Partitions
  }[]
  readonly subscriptionType: 'homogeneous' | 'heterogeneous'
  readonly assignment: Readonly<Record<string, Partitions>>
}

function assign(assignor: Assignor, scene: Scene): Record<string, Partitions> {
  const ids = new Map(scene.topics.map(({ name, id }) => [name, id]))
  const idOf = (name: string) => ids.get(name) ?? ''
  const counts = new Map(scene.topics.map(({ id, partitions }) => [id, partitions]))
  const members = new Map(
    scene.members.map(({ id, instanceId = null, topics, owned = {} }) => {
      const assigned = toAssignment(owned, idOf)
      return [id, { instanceId, rackId: null, topicIds: new Set(topics.map(idOf)), assigned }]
    }),
  )
  const taken = new Set(
    scene.members.flatMap(({ owned = {} }) =>
      Object.entries(owned).flatMap(([topic, partitions]) =>
        partitions.map((each) => `${idOf(topic)} ${each}`),
      ),
    ),
  )
  const { of } = newTarget({
    assignor,
    members,
    isHomogeneous: scene.subscriptionType === 'homogeneous',
    target: new Map(),
    partitionCount: (topicId) => counts.get(topicId) ?? -1,
    isAssigned: (topicId, partition) => taken.has(`${topicId} ${partition}`),
  })
  const names = new Map(scene.topics.map(({ name, id }) => [id, name]))
  return Object.fromEntries([...of].map(([id, assignment]) => [id, named(assignment, names)]))
}

function toAssignment(owned: Partitions, idOf: (name: string) => string): Assignment {
  return assignmentOf(
    Object.entries(owned).map(([topic, partitions]) => ({
      topicId: idOf(topic),
      partitions: [...partitions],
    })),
  )
}

function named(assignment: Assignment, names: ReadonlyMap<string, string>): Partitions {
  const sorted = [...assignment].map(([topicId, partitions]) => [
    names.get(topicId) ?? '',
    [...partitions].sort((a, b) => a - b),
  ])
  return Object.fromEntries(sorted.filter(([, partitions]) => (partitions?.length ?? 0) > 0))
}

describe('the assignors of consumer groups', () => {
  it.each([
    ['range', range],
    ['uniform', uniform],
  ] as const)('%s assigns as that of Apache Kafka does', (name, assignor) => {
    const scenes = goldenLines<Scene>(`wire/assignors/server-${name}.ndjson.gz`)
    expect(scenes.length).toBeGreaterThan(100)
    const different = scenes.filter((scene) => {
      const theirs = Object.fromEntries(
        Object.entries(scene.assignment).map(([id, topics]) => [
          id,
          Object.fromEntries(Object.entries(topics).map(([t, p]) => [t, [...p].sort((a, b) => a - b)])),
        ]),
      )
      const ours = assign(assignor, scene)
      for (const { id } of scene.members) {
        if (JSON.stringify(sortKeys(ours[id] ?? {})) !== JSON.stringify(sortKeys(theirs[id] ?? {})))
          return true
      }
      return false
    })
    expect(different.map(({ what }) => what)).toEqual([])
  })

  /** Kafka takes a group for one of equals until the first that subscribes to nothing has joined it. */
  it('range asks the first member for the topics of all where all are said to have the same', () => {
    const target = assign(range, {
      what: 'a new member without topics',
      topics: [{ name: 'orders', id: '0_qEj80oT4Si9IukvfSOnw', partitions: 5 }],
      members: [
        { id: '192i8fGTXi_OPQWSuypJtA', topics: [] },
        { id: 'u2Sh3VCVsBSlOwejQAK6mQ', instanceId: 'i3', topics: ['orders'] },
      ],
      subscriptionType: 'homogeneous',
      assignment: {},
    })
    expect(target).toEqual({
      '192i8fGTXi_OPQWSuypJtA': { orders: [3, 4] },
      u2Sh3VCVsBSlOwejQAK6mQ: { orders: [0, 1, 2] },
    })
  })
})

describe('the assignor of share groups', () => {
  const scenes = goldenLines<Scene>('wire/assignors/server-share-simple.ndjson.gz')
  const counted = (assignment: Readonly<Record<string, Partitions>>) => {
    const ofMembers = Object.values(assignment).map((topics) => Object.values(topics).flat().length)
    const ofPartitions = new Map<string, number>()
    for (const topics of Object.values(assignment)) {
      for (const [topic, partitions] of Object.entries(topics)) {
        for (const partition of partitions) {
          const name = `${topic}-${partition}`
          ofPartitions.set(name, (ofPartitions.get(name) ?? 0) + 1)
        }
      }
    }
    return {
      ofMembers: ofMembers.sort((a, b) => a - b),
      ofPartitions: sortKeys(Object.fromEntries(ofPartitions)),
    }
  }

  it('gives everybody as much as that of Apache Kafka does', () => {
    expect(scenes.length).toBeGreaterThan(100)
    for (const scene of scenes) expect(counted(assign(simple, scene))).toEqual(counted(scene.assignment))
  })

  it('leaves with everybody what that of Apache Kafka leaves', () => {
    // Which of equals a member begins with is chance there.
    const later = scenes.filter(({ members }) => members.some(({ owned }) => owned !== undefined))
    const exact = (assignment: Readonly<Record<string, Partitions>>) =>
      Object.entries(assignment).map(([id, topics]) => [
        id,
        Object.entries(topics)
          .flatMap(([topic, partitions]) => partitions.map((each) => `${topic}-${each}`))
          .sort(),
      ])
    for (const scene of later) {
      const ours = Object.fromEntries(exact(assign(simple, scene)))
      expect(ours, scene.what).toEqual(Object.fromEntries(exact(scene.assignment)))
    }
  })
})

function sortKeys<T>(topics: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(topics).sort(([a], [b]) => (a < b ? -1 : 1)))
}
