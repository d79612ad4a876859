/** What must not be seen by others: these are never typed, and never shown. */
export const secretProperties: ReadonlySet<string> = new Set([
  'ktool.sasl.oauthbearer.token',
  'sasl.jaas.config',
  'sasl.oauthbearer.assertion.private.key.passphrase',
  'sasl.oauthbearer.client.credentials.client.secret',
  'sasl.oauthbearer.client.secret',
  'sasl.oauthbearer.config',
  'sasl.password',
  'ssl.key.password',
  'ssl.key.pem',
  'ssl.keystore.key',
  'ssl.keystore.password',
  'ssl.truststore.password',
])

/** librdkafka's names for what Java's clients call otherwise. */
export const otherNames: Readonly<Record<string, string>> = {
  'metadata.broker.list': 'bootstrap.servers',
  'sasl.mechanisms': 'sasl.mechanism',
  'sasl.oauthbearer.client.id': 'sasl.oauthbearer.client.credentials.client.id',
  'sasl.oauthbearer.client.secret': 'sasl.oauthbearer.client.credentials.client.secret',
  'ssl.ca.pem': 'ssl.truststore.certificates',
  'ssl.certificate.pem': 'ssl.keystore.certificate.chain',
  'ssl.key.pem': 'ssl.keystore.key',
}

/** What ktool makes use of. */
const used = words(`
  bootstrap.servers client.id default.api.timeout.ms request.timeout.ms security.protocol
  sasl.mechanism sasl.jaas.config sasl.username sasl.password sasl.login.callback.handler.class
  sasl.oauthbearer.token.endpoint.url sasl.oauthbearer.client.credentials.client.id sasl.oauthbearer.scope
  sasl.oauthbearer.client.credentials.client.secret sasl.oauthbearer.header.urlencode sasl.oauthbearer.extensions
  sasl.oauthbearer.jwt.retriever.class sasl.oauthbearer.method
  ktool.sasl.oauthbearer.token ktool.sasl.oauthbearer.token.file ktool.sasl.oauthbearer.token.command
  ssl.truststore.location ssl.truststore.password ssl.truststore.type ssl.truststore.certificates
  ssl.keystore.location ssl.keystore.password ssl.keystore.type ssl.keystore.key ssl.keystore.certificate.chain
  ssl.key.password ssl.endpoint.identification.algorithm ssl.enabled.protocols ssl.cipher.suites
  ssl.ca.location ssl.certificate.location ssl.key.location enable.ssl.certificate.verification`)

/** What Java's clients and librdkafka know, and ktool has no use for: how they batch, poll, retry, measure. */
const idle = words(`
  acks allow.auto.create.topics auto.commit.interval.ms auto.include.jmx.reporter auto.offset.reset batch.size
  bootstrap.controllers buffer.memory check.crcs client.dns.lookup client.rack compression.gzip.level
  compression.lz4.level compression.type compression.zstd.level config.providers connections.max.idle.ms
  delivery.timeout.ms enable.auto.commit enable.idempotence enable.metrics.push exclude.internal.topics
  fetch.max.bytes fetch.max.wait.ms fetch.min.bytes group.id group.instance.id group.protocol group.remote.assignor
  heartbeat.interval.ms interceptor.classes isolation.level key.deserializer key.serializer linger.ms max.block.ms
  max.in.flight.requests.per.connection max.partition.fetch.bytes max.poll.interval.ms max.poll.records
  max.request.size metadata.max.age.ms metadata.max.idle.ms metadata.recovery.rebootstrap.trigger.ms
  metadata.recovery.strategy metric.reporters metrics.num.samples metrics.recording.level metrics.sample.window.ms
  partition.assignment.strategy partitioner.adaptive.partitioning.enable partitioner.availability.timeout.ms
  partitioner.class partitioner.ignore.keys receive.buffer.bytes reconnect.backoff.max.ms reconnect.backoff.ms
  retries retry.backoff.max.ms retry.backoff.ms sasl.client.callback.handler.class sasl.kerberos.kinit.cmd
  sasl.kerberos.min.time.before.relogin sasl.kerberos.service.name sasl.kerberos.ticket.renew.jitter
  sasl.kerberos.ticket.renew.window.factor sasl.login.class sasl.login.connect.timeout.ms sasl.login.read.timeout.ms
  sasl.login.refresh.buffer.seconds sasl.login.refresh.min.period.seconds sasl.login.refresh.window.factor
  sasl.login.refresh.window.jitter sasl.login.retry.backoff.max.ms sasl.login.retry.backoff.ms
  sasl.oauthbearer.assertion.algorithm sasl.oauthbearer.assertion.claim.aud
  sasl.oauthbearer.assertion.claim.exp.seconds sasl.oauthbearer.assertion.claim.iss
  sasl.oauthbearer.assertion.claim.jti.include sasl.oauthbearer.assertion.claim.nbf.seconds
  sasl.oauthbearer.assertion.claim.sub sasl.oauthbearer.assertion.file sasl.oauthbearer.assertion.private.key.file
  sasl.oauthbearer.assertion.private.key.passphrase sasl.oauthbearer.assertion.template.file
  sasl.oauthbearer.clock.skew.seconds sasl.oauthbearer.config sasl.oauthbearer.expected.audience
  sasl.oauthbearer.expected.issuer sasl.oauthbearer.jwks.endpoint.refresh.ms
  sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms sasl.oauthbearer.jwks.endpoint.retry.backoff.ms
  sasl.oauthbearer.jwks.endpoint.url sasl.oauthbearer.jwt.validator.class sasl.oauthbearer.scope.claim.name
  sasl.oauthbearer.sub.claim.name security.providers send.buffer.bytes session.timeout.ms
  share.acknowledgement.mode share.acquire.mode socket.connection.setup.timeout.max.ms
  socket.connection.setup.timeout.ms ssl.engine.factory.class ssl.keymanager.algorithm ssl.protocol ssl.provider
  ssl.secure.random.implementation ssl.trustmanager.algorithm transaction.timeout.ms
  transaction.two.phase.commit.enable transactional.id value.deserializer value.serializer
  api.version.request broker.address.family broker.address.ttl compression.codec debug log.connection.close
  log_level message.max.bytes message.send.max.retries queue.buffering.max.kbytes queue.buffering.max.messages
  queue.buffering.max.ms session.timeout.ms socket.keepalive.enable socket.nagle.disable socket.timeout.ms
  statistics.interval.ms topic.metadata.refresh.interval.ms`)

/** Prefixes of what belongs to other programs that read the same file. */
const othersOwn = /^(?:schema\.registry|basic\.auth|bearer\.auth|producer|consumer|admin|confluent)\./

export function isKnownProperty(key: string): boolean {
  return used.has(key) || idle.has(key) || Object.hasOwn(otherNames, key) || othersOwn.test(key)
}

export function knownProperties(): string[] {
  return [...used, ...Object.keys(otherNames), ...idle]
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/))
}
