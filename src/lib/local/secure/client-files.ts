import type { LocalSecurity } from './local-security.ts'

const HEAD = '# Made by ktool broker --local --secure, and written anew when it starts.\n'

/** As Java's clients and ktool read it. */
export function clientProperties(security: LocalSecurity, bootstrap: string | undefined): string {
  const { username, password, mechanism, certificateFile } = security
  const module = 'org.apache.kafka.common.security.scram.ScramLoginModule'
  return lines([
    ['bootstrap.servers', bootstrap],
    ['security.protocol', 'SASL_SSL'],
    ['sasl.mechanism', mechanism],
    ['sasl.jaas.config', `${module} required username="${username}" password="${password}";`],
    ['ssl.truststore.type', 'PEM'],
    ['ssl.truststore.location', certificateFile.replaceAll('\\', '\\\\')],
  ])
}

/**
 * As kcat reads it with -F, and whatever else is made of librdkafka. That of kcat 1.7.1 (2.0.2) answers SCRAM with
 * a nonce that was not agreed on, and is refused; within TLS PLAIN gives nothing away.
 */
export function kcatConfig(security: LocalSecurity, bootstrap: string | undefined): string {
  const { username, password, certificateFile } = security
  return lines([
    ['bootstrap.servers', bootstrap],
    ['security.protocol', 'SASL_SSL'],
    ['sasl.mechanism', 'PLAIN'],
    ['sasl.username', username],
    ['sasl.password', password],
    ['ssl.ca.location', certificateFile],
  ])
}

function lines(properties: readonly (readonly [string, string | undefined])[]): string {
  const said = properties.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}\n`]))
  return HEAD + said.join('')
}
