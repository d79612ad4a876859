import { expect, it } from 'vitest'
import { randomDraw, seedOfRun } from '../../../../random.ts'
import { GroupRig } from './group-rig.ts'

const seed = seedOfRun()

it(`members are named, and lead, in the order in which they joined (seed ${seed})`, async () => {
  const draw = randomDraw(seed)
  const below = (limit: number) => Math.floor(draw() * limit)
  const bytes = (count: number) => Buffer.from(Array.from({ length: count }, () => below(256)))
  const rig = new GroupRig({}, { bytes, below })
  const first = await rig.stable()
  const others = [1, 2, 3].map(() => rig.join({ mustKnowItsId: false }))
  const members = rig
    .join({ memberId: first.memberId })
    .now()
    .members.map(({ memberId }) => memberId)
  expect(members).toEqual([first.memberId, ...others.map((other) => other.now().memberId)])
})
