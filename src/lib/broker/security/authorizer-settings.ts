import { FailedError } from '../../errors.ts'

export const STANDARD_AUTHORIZER = 'org.apache.kafka.metadata.authorizer.StandardAuthorizer'

const CLASS_NAME = 'authorizer.class.name'
const SUPER_USERS = 'super.users'
const ALLOW_EVERYONE = 'allow.everyone.if.no.acl.found'

/** Settings of Kafka's authorizer, which a broker does not know of itself. */
export const authorizerSettings: ReadonlySet<string> = new Set([SUPER_USERS, ALLOW_EVERYONE])

export interface AuthorizerSettings {
  /** Whom no entry holds back, as `User:alice`. */
  readonly superUsers: ReadonlySet<string>
  /** What is to become of a resource that no entry is about. */
  readonly allowsWithoutAcl: boolean
}

/** Null where everybody may do everything. Throws for a class that is not here to be run. */
export function readAuthorizerSettings(given: ReadonlyMap<string, string>): AuthorizerSettings | null {
  const className = given.get(CLASS_NAME)?.trim() ?? ''
  if (className === '') return null
  mustBeStandard(className)
  return {
    superUsers: new Set((given.get(SUPER_USERS) ?? '').split(';').map((each) => each.trim())),
    allowsWithoutAcl: given.get(ALLOW_EVERYONE)?.trim().toLowerCase() === 'true',
  }
}

function mustBeStandard(className: string): void {
  if (className === STANDARD_AUTHORIZER) return
  throw new FailedError('unknown-authorizer', `${CLASS_NAME}: there is no ${className} here`, {
    hint: `the one authorizer of this broker is ${STANDARD_AUTHORIZER}`,
    details: { className },
  })
}
