import { expect, it } from 'vitest'
import { randomDraw, seedOfRun } from '../../../../random.ts'
import { GroupRig } from './group-rig.ts'
import { SimMember } from './sim-member.ts'

const seed = seedOfRun()
const ROUNDS = 12

/** Members of all kinds come, fall silent, go and come again, and now and then the coordinator crashes. */
async function disorder(draw: () => number): Promise<{ rig: GroupRig; members: SimMember[] }> {
  const rig = new GroupRig({ 'group.initial.rebalance.delay.ms': draw() < 0.5 ? 0 : 3000 })
  const members = Array.from({ length: 5 }, (_, i) => new SimMember(rig, i === 4 ? 'static' : null))
  const told = new Map<string, string>()
  let coordinators = 0
  for (let step = 0; step < 150; step++) {
    const member = members[Math.floor(draw() * members.length)]
    const chance = draw()
    if (chance < 0.02) {
      coordinators++
      await rig.crash()
      for (const other of members) other.giveUp()
    } else if (chance < 0.06) await member?.leave()
    else if (chance < 0.1) member?.giveUp()
    else member?.step()
    await rig.clock.pass(draw() < 0.05 ? 30_000 * draw() : 300 * draw())
    for (const other of members) agree(told, coordinators, other)
  }
  return { rig, members }
}

/** All of one generation have been told the same. A coordinator that crashed may not know of its last ones. */
function agree(told: Map<string, string>, coordinator: number, member: SimMember): void {
  for (const { generation, leader, protocol } of member.told.splice(0)) {
    // A static leader that is replaced leads on by another name.
    const key = `${coordinator} ${generation}`
    const said = `${leader.startsWith('static-') ? 'static' : leader} ${protocol}`
    expect(told.get(key) ?? said).toBe(said)
    told.set(key, said)
  }
  expect(member.wrong).toEqual([])
}

it(`a group comes to rest after any disorder, with one assignment for all (seed ${seed})`, async () => {
  const draw = randomDraw(seed)
  for (let round = 0; round < ROUNDS; round++) {
    const { rig, members } = await disorder(draw)
    const isAtRest = () =>
      rig.coordinator.describe('g')?.state === 'Stable' &&
      members.every(({ phase }) => phase === 'stable') &&
      new Set(members.map(({ generation }) => generation)).size === 1
    let second = 0
    for (; second < 600 && !isAtRest(); second++) {
      for (const member of members) member.step()
      await rig.clock.pass(1000)
    }
    expect({ round, isAtRest: isAtRest() }).toEqual({ round, isAtRest: true })
    const described = rig.coordinator.describe('g')
    expect(described?.members.map(({ memberId }) => memberId).toSorted()).toEqual(
      members.map(({ memberId }) => memberId).toSorted(),
    )
    await rig.crash()
    expect(rig.coordinator.describe('g')).toEqual(described)
  }
})
