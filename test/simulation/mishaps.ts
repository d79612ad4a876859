import type { DiskChange } from './mounted-disk.ts'
import type { Scenario, Trouble } from './scenarios.ts'
import type { Death, Refusal, SimWorld } from './sim-world.ts'

const takingRoom: ReadonlySet<DiskChange> = new Set(['create', 'write', 'make the folder'])
const FLUSHES: ReadonlySet<DiskChange> = new Set(['flush', 'flush the folder'])

export async function dieOf(world: SimWorld, death: Death, { diesAtChanges }: Scenario): Promise<void> {
  if (diesAtChanges === true) return dieAtChange(world, death)
  await world.clock.pass(world.random.between(50, 1800))
  await world.die(death)
}

/** Every other start does not come to its end where the broker may die at any change. */
export function startAgain(world: SimWorld, { diesAtChanges }: Scenario): Promise<boolean> {
  const { random } = world
  if (diesAtChanges === true && random.isTrue(0.5)) {
    world.foretell(random.isTrue(0.5) ? 'kill' : 'power', random.isTrue(0.5), 1 + random.below(40))
  }
  return world.restart()
}

/** A disk in trouble for a while, through which the broker lives, or does not. */
export async function sufferFrom(world: SimWorld, trouble: Trouble): Promise<void> {
  const { random, clock } = world
  await clock.pass(random.between(50, 800))
  world.refuse(refusalOf(world, trouble))
  await clock.pass(random.between(50, 1500))
  world.accept()
  // It finds out with the next flush that it can go on no longer.
  await clock.pass(2000)
  if (world.broker === undefined) await world.restart()
}

function refusalOf({ random }: SimWorld, trouble: Trouble): Refusal {
  switch (trouble) {
    case 'full':
      return (change) => (takingRoom.has(change) ? 'ENOSPC' : undefined)
    case 'read-only':
      return (change) => (FLUSHES.has(change) ? undefined : 'EROFS')
    case 'failing': {
      const chance = random.pick([0.3, 0.05, 0.01])
      return () => (random.isTrue(chance) ? 'EIO' : undefined)
    }
  }
}

/** Most changes are writes: now and then only the others count. */
async function dieAtChange(world: SimWorld, death: Death): Promise<void> {
  const { random } = world
  const isOfNames = random.isTrue(0.7)
  if (death !== 'stop') world.foretell(death, isOfNames, 1 + random.below(isOfNames ? 60 : 600))
  await world.liveUntilDeath(random.between(300, 1800), death)
}
