import { type ScramCredential, scramCredential } from '../auth/scram-server.ts'
import { type ScramMechanismName, scramMechanismId } from '../model/users.ts'
import type { Random } from '../ports/random.ts'
import type { Controller } from './controller/controller.ts'

export interface UserSeed {
  readonly name: string
  readonly mechanism: ScramMechanismName
  readonly password: string
}

const ITERATIONS = 4096
const SALT_BYTES = 24

/** Gives users their passwords, unless they have them already. */
export function seedUsers(controller: Controller, users: readonly UserSeed[], random: Random): void {
  const changes = users.flatMap((user) => {
    const mechanism = scramMechanismId(user.mechanism)
    const known = controller.scram(user.name, mechanism)
    if (known !== undefined && opens(user, known)) return []
    const credential = scramCredential(user.mechanism, user.password, random.bytes(SALT_BYTES), ITERATIONS)
    return [{ name: user.name, mechanism, credential }]
  })
  controller.alterScram(changes)
}

function opens({ mechanism, password }: UserSeed, { salt, iterations, storedKey }: ScramCredential): boolean {
  return scramCredential(mechanism, password, salt, iterations).storedKey.equals(storedKey)
}
