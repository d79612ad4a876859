import { listOf, oneOf } from '../config-checks.ts'
import {
  boolean,
  type ConfigDefinition,
  className,
  list,
  long,
  password,
  string,
} from '../config-definition.ts'

/** TLS, and who a connection belongs to. */
export const sslConfigs: readonly ConfigDefinition[] = [
  long('connections.max.reauth.ms', 0),
  string('security.providers', null),
  className(
    'principal.builder.class',
    'org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder',
  ).perBroker(),
  string('ssl.client.auth', 'none')
    .check(oneOf('required', 'requested', 'none'))
    .perBroker(),
  string('ssl.principal.mapping.rules', 'DEFAULT'),
  boolean('ssl.allow.dn.changes', false),
  boolean('ssl.allow.san.changes', false),
  string('ssl.protocol', 'TLSv1.3').perBroker(),
  string('ssl.provider', null).perBroker(),
  list('ssl.enabled.protocols', 'TLSv1.2,TLSv1.3').check(listOf()).perBroker(),
  string('ssl.keystore.type', 'JKS').perBroker(),
  string('ssl.keystore.location', null).perBroker(),
  password('ssl.keystore.password', null).perBroker(),
  password('ssl.key.password', null).perBroker(),
  password('ssl.keystore.key', null).perBroker(),
  password('ssl.keystore.certificate.chain', null).perBroker(),
  string('ssl.truststore.type', 'JKS').perBroker(),
  string('ssl.truststore.location', null).perBroker(),
  password('ssl.truststore.password', null).perBroker(),
  password('ssl.truststore.certificates', null).perBroker(),
  string('ssl.keymanager.algorithm', 'SunX509').perBroker(),
  string('ssl.trustmanager.algorithm', 'PKIX').perBroker(),
  string('ssl.endpoint.identification.algorithm', 'https').perBroker(),
  string('ssl.secure.random.implementation', null).perBroker(),
  list('ssl.cipher.suites', '').check(listOf()).perBroker(),
  className('ssl.engine.factory.class', null).perBroker(),
]
