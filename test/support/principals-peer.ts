import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Surroundings } from '../../src/lib/cli/surroundings.ts'
import { alterUserScramCredentials } from '../../src/lib/protocol/apis/alter-user-scram-credentials.ts'
import { createAcls } from '../../src/lib/protocol/apis/create-acls.ts'
import { deleteAcls } from '../../src/lib/protocol/apis/delete-acls.ts'
import { describeAcls } from '../../src/lib/protocol/apis/describe-acls.ts'
import { describeUserScramCredentials } from '../../src/lib/protocol/apis/describe-user-scram-credentials.ts'
import { runLive } from './run-live.ts'
import { type Asked, answers, type ScriptedPeer, scriptedPeer } from './scripted-peer.ts'

/** An entry by its numbers on the wire. */
export interface KeptAcl {
  readonly resourceType: number
  readonly resourceName: string
  readonly patternType: number
  readonly principal: string
  readonly host: string
  readonly operation: number
  readonly permissionType: number
}

export interface KeptCredential {
  readonly name: string
  readonly mechanism: number
  readonly iterations: number
  readonly salt: Buffer
  readonly saltedPassword: Buffer
}

interface Refusal {
  readonly errorCode: number
  readonly errorMessage: string
}

export interface PrincipalsPeer extends AsyncDisposable {
  readonly peer: ScriptedPeer
  readonly acls: KeptAcl[]
  readonly credentials: KeptCredential[]
  /** To every change, until it is null again. */
  refusal: Refusal | null
  /** What it was asked to change. */
  changing(): readonly Asked[]
  said(name: string, argv: readonly string[], overrides?: Partial<Surroundings>): ReturnType<typeof runLive>
  rows(name: string, ...argv: string[]): Promise<PrincipalsAnswer>
}

export interface PrincipalsAnswer {
  readonly status: number
  readonly stderr: string
  readonly items: readonly Record<string, unknown>[]
  readonly errors: readonly Record<string, unknown>[]
  /** Where it is told as JSON. */
  readonly fatal: { readonly code: string; readonly message: string; readonly hint: string } | null
}

const ANY = 1
const LITERAL_OR_PREFIXED = 1

/** A broker that keeps access control entries and SCRAM credentials as Kafka's controllers do; the local one has none. */
export async function principalsPeer(): Promise<PrincipalsPeer> {
  const folder = mkdtempSync(join(tmpdir(), 'ktool-principals-'))
  const acls: KeptAcl[] = []
  const credentials: KeptCredential[] = []
  const fine = { errorCode: 0, errorMessage: null }
  const peer = await scriptedPeer([
    answers(describeAcls, () => ({
      ...fine,
      resources: acls.map(({ resourceType, resourceName, patternType, ...entry }) => ({
        ...{ resourceType, resourceName, patternType },
        acls: [entry],
      })),
    })),
    answers(createAcls, ({ creations }) => ({
      results: creations.map(({ resourcePatternType, ...entry }) => {
        if (kept.refusal === null) acls.push({ ...entry, patternType: resourcePatternType ?? 3 })
        return kept.refusal ?? fine
      }),
    })),
    answers(deleteAcls, ({ filters }) => ({
      filterResults: filters.map((filter) => {
        if (kept.refusal !== null) return { ...kept.refusal, matchingAcls: [] }
        const gone = acls.filter((acl) => isMeant(acl, filter))
        for (const acl of gone) acls.splice(acls.indexOf(acl), 1)
        return { ...fine, matchingAcls: gone.map((acl) => ({ ...fine, ...acl })) }
      }),
    })),
    answers(describeUserScramCredentials, () => ({
      ...fine,
      results: [...new Set(credentials.map(({ name }) => name))].map((user) => ({
        ...{ user, ...fine },
        credentialInfos: credentials.filter(({ name }) => name === user),
      })),
    })),
    answers(alterUserScramCredentials, ({ deletions, upsertions }) => {
      const users = [...deletions, ...upsertions].map(({ name }) => name)
      if (kept.refusal === null) {
        const touched = [...deletions, ...upsertions]
        const others = credentials.filter((each) => !touched.some((one) => isOf(one, each)))
        credentials.splice(0, credentials.length, ...others, ...upsertions)
      }
      return { results: users.map((user) => ({ user, ...(kept.refusal ?? fine) })) }
    }),
  ])
  const environment = { XDG_STATE_HOME: join(folder, 'state'), XDG_CONFIG_HOME: join(folder, 'config') }
  const kept: PrincipalsPeer = {
    ...{ peer, acls, credentials, refusal: null },
    changing: () => peer.asked.filter(({ api }) => /^(Create|Delete|Alter)/.test(api)),
    said: (name, argv, overrides = {}) =>
      runLive(name, peer.bootstrap, argv, {
        ...overrides,
        environment: { ...environment, ...overrides.environment },
      }),
    rows: async (name, ...argv) => {
      const { status, stdout, stderr } = await kept.said(name, [...argv, '-o', 'json'])
      const { items = [], errors = [] } = stdout === '' ? {} : JSON.parse(stdout)
      const fatal = /^\{"error".*$/m.exec(stderr)?.[0]
      return { status, stderr, items, errors, fatal: fatal === undefined ? null : JSON.parse(fatal).error }
    },
    [Symbol.asyncDispose]: async () => {
      await peer[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return kept
}

interface AclQuestion {
  readonly resourceTypeFilter: number
  readonly resourceNameFilter: string | null
  readonly patternTypeFilter?: number
  readonly principalFilter: string | null
  readonly hostFilter: string | null
  readonly operation: number
  readonly permissionType: number
}

function isMeant(acl: KeptAcl, filter: AclQuestion): boolean {
  const { patternTypeFilter = LITERAL_OR_PREFIXED } = filter
  const pairs: readonly (readonly [unknown, unknown])[] = [
    [filter.resourceTypeFilter, acl.resourceType],
    [filter.resourceNameFilter ?? ANY, acl.resourceName],
    [patternTypeFilter, acl.patternType],
    [filter.principalFilter ?? ANY, acl.principal],
    [filter.hostFilter ?? ANY, acl.host],
    [filter.operation, acl.operation],
    [filter.permissionType, acl.permissionType],
  ]
  return pairs.every(([wanted, is]) => wanted === ANY || wanted === is)
}

function isOf(
  one: Pick<KeptCredential, 'name' | 'mechanism'>,
  each: Pick<KeptCredential, 'name' | 'mechanism'>,
): boolean {
  return one.name === each.name && one.mechanism === each.mechanism
}
