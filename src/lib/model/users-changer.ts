import type { Outcome } from './outcome.ts'
import type { ScramMechanismName, UserCredential } from './users.ts'

/** What a credential is made of. The password does not leave the process: what is sent is made of it and the salt. */
export interface NewCredential extends UserCredential {
  readonly mechanism: ScramMechanismName
  readonly salt: Uint8Array
  readonly password: string
}

export interface UsersChanger {
  set(credentials: readonly NewCredential[]): Promise<readonly Outcome<null>[]>
  delete(
    credentials: readonly Pick<UserCredential, 'user' | 'mechanism'>[],
  ): Promise<readonly Outcome<null>[]>
}
