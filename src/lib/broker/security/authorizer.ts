import type { Acl, AclOperation, AclResourceType } from '../../model/acls.ts'
import { checkAcls } from '../../model/check-acls.ts'
import type { Clock } from '../../ports/clock.ts'
import type { LogSink } from '../../ports/log-sink.ts'
import type { Controller } from '../controller/controller.ts'
import { FewLines } from '../few-lines.ts'
import { AclIndex } from './acl-index.ts'
import { allowedByType } from './allowed-by-type.ts'
import type { AuthorizerSettings } from './authorizer-settings.ts'
import { hostAddress } from './host-address.ts'

/** Who asks, by what request. */
export interface Asker {
  readonly principal: string
  readonly peerHost: string
  readonly apiName: string
}

export interface AuthorizerParts extends AuthorizerSettings {
  readonly controller: Pick<Controller, 'acls' | 'subscribe'>
  readonly log: LogSink
  readonly clock: Clock
}

/** Decides as Kafka's StandardAuthorizer: any denial wins, then any permission, and super users may do everything. */
export class Authorizer {
  readonly #parts: AuthorizerParts
  readonly #denials: FewLines
  /** None once entries have changed: many may come in one go, before the next question. */
  #index: AclIndex | undefined

  constructor(parts: AuthorizerParts) {
    this.#parts = parts
    this.#denials = new FewLines(parts.log, parts.clock, 'denied more requests')
    parts.controller.subscribe({
      aclsChanged: () => {
        this.#index = undefined
      },
    })
  }

  /** A denial is told to the operator, unless it only leaves something out of an answer. */
  allows(
    asker: Asker,
    operation: AclOperation,
    resourceType: AclResourceType,
    resourceName: string,
    isQuiet = false,
  ): boolean {
    if (this.#parts.superUsers.has(asker.principal)) return true
    const host = hostAddress(asker.peerHost)
    const question = { principal: asker.principal, host, operation, resourceType, resourceName }
    const { verdict, because } = checkAcls(this.#acls().about(resourceType, resourceName), question)
    const isAllowed = verdict === 'allowed' || (verdict === 'none' && this.#parts.allowsWithoutAcl)
    if (!isAllowed && !isQuiet) this.#tell(asker, question, because)
    return isAllowed
  }

  /** Whether there is any resource of that type with which he may do that. */
  allowsWithAny(asker: Asker, operation: AclOperation, resourceType: AclResourceType): boolean {
    // Kafka tries some name first: super users may, and everybody where entries are about none
    if (this.allows(asker, operation, resourceType, 'hardcode', true)) return true
    const who = { principal: asker.principal, host: hostAddress(asker.peerHost) }
    const isAllowed = allowedByType(this.#acls().ofType(resourceType), who, operation)
    const some = { ...who, operation, resourceType, resourceName: 'any' }
    if (!isAllowed) this.#tell(asker, some, [])
    return isAllowed
  }

  #acls(): AclIndex {
    this.#index ??= new AclIndex(this.#parts.controller.acls.all().values())
    return this.#index
  }

  #tell(
    { apiName }: Asker,
    { resourceType, resourceName, ...asked }: Question,
    because: readonly Acl[],
  ): void {
    const resource = `${resourceType}:${resourceName}`
    const rule = because.length === 0 ? 'no entry allows it' : because.map(inWords).join('; ')
    this.#denials.warn('denied', { ...asked, resource, request: apiName, rule })
  }
}

interface Question {
  readonly principal: string
  readonly host: string
  readonly operation: string
  readonly resourceType: string
  readonly resourceName: string
}

function inWords({ permission, principal, operation, resourceName, patternType }: Acl): string {
  return `${permission} ${principal} ${operation} ${patternType}:${resourceName}`
}
