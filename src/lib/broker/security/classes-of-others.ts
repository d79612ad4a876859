import { FailedError } from '../../errors.ts'
import type { ListenerLookup } from './listener-lookup.ts'

const OWN = 'org.apache.kafka.common.security.'

/** Settings by which Kafka is given classes to run, with those of its own that the local broker stands in for. */
const classes: Readonly<Record<string, string>> = {
  'principal.builder.class': `${OWN}authenticator.DefaultKafkaPrincipalBuilder`,
  'ssl.engine.factory.class': `${OWN}ssl.DefaultSslEngineFactory`,
  'security.providers': '',
  'sasl.server.callback.handler.class': '',
  'sasl.login.callback.handler.class': '',
  'sasl.login.class': '',
}

const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer', 'gssapi']

/** What they would decide, nobody decides here: who comes in by such a listener is not known. */
export function mustNeedNoClasses(lookup: ListenerLookup): void {
  for (const [key, own] of Object.entries(classes)) {
    for (const name of [key, ...mechanisms.map((mechanism) => `${mechanism}.${key}`)]) {
      const className = lookup.get(name)?.trim() ?? ''
      if (className !== '' && className !== own) throw notHere(lookup.placeOf(name), className)
    }
  }
}

function notHere(place: string, className: string): FailedError {
  return new FailedError(
    'no-such-class',
    `${place}: the local broker runs no Java, and has no ${className}`,
    {
      hint: 'leave it out: users, certificates and rules are looked at as Kafka does where nothing is said',
      details: { className },
    },
  )
}
