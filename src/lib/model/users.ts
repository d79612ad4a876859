/** A SCRAM credential, without what it is made of. */
export interface UserCredential {
  readonly user: string
  readonly mechanism: string
  readonly iterations: number
}

export interface UsersView {
  list(): Promise<readonly UserCredential[]>
}

const mechanisms: Readonly<Record<number, string>> = { 1: 'SCRAM-SHA-256', 2: 'SCRAM-SHA-512' }

export function scramMechanism(id: number): string {
  return mechanisms[id] ?? `UNKNOWN(${id})`
}

export const scramMechanisms = ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const
export type ScramMechanismName = (typeof scramMechanisms)[number]

/** 0 for one that there is not. */
export function scramMechanismId(name: string): number {
  return (scramMechanisms as readonly string[]).indexOf(name) + 1
}
