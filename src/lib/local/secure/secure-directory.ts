import { X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import type { BrokerOptions } from '../../broker/broker.ts'
import { parseProperties } from '../../config/java-properties.ts'
import { parseJaas } from '../../config/security/jaas.ts'
import { certificatesIn, keyIn } from '../../config/security/key-stores/pem.ts'
import { readText } from '../../config/text-file.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Disk } from '../../ports/disk.ts'
import type { Random } from '../../ports/random.ts'
import { replaceText } from '../../ports/replace-text.ts'
import { certificateTimeMs } from '../../values/times.ts'
import { clientProperties, kcatConfig } from './client-files.ts'
import { LISTENER, type LocalSecurity } from './local-security.ts'
import { selfSigned } from './self-signed.ts'

type Furnishing = Awaited<ReturnType<NonNullable<BrokerOptions['furnish']>>>

interface Ports {
  readonly clock: Pick<Clock, 'nowMs'>
  readonly disk: Disk
  readonly random: Random
}

const MECHANISM = 'SCRAM-SHA-512'
const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule'
const USERNAME = 'ktool'
const PASSWORD_BYTES = 24
const DAY_MS = 86_400_000
const VALID_MS = 365 * DAY_MS
/** Of clocks that are not quite right. */
const LEEWAY_MS = DAY_MS

/** Puts a key with its certificate and a password into the directory, unless good ones are there. */
export async function secureDirectory(
  directory: string,
  ports: Ports,
): Promise<{ security: LocalSecurity; furnishing: Furnishing }> {
  const keyFile = join(directory, 'broker.pem')
  const certificate = goodCertificate(keyFile, ports) ?? (await newCertificate(keyFile, ports))
  const security: LocalSecurity = {
    username: USERNAME,
    password: knownPassword(directory, ports) ?? ports.random.bytes(PASSWORD_BYTES).toString('base64url'),
    mechanism: MECHANISM,
    certificate,
    certificateFile: join(directory, 'certificate.pem'),
    clientProperties: join(directory, 'client.properties'),
    kcatConfig: join(directory, 'kcat.conf'),
  }
  await replaceText(ports.disk, security.certificateFile, certificate)
  await writeClientFiles(security, undefined, ports.disk)
  return { security, furnishing: furnishingOf(keyFile, security) }
}

/** Once it is known where the broker listens. */
export async function writeClientFiles(
  security: LocalSecurity,
  bootstrap: string | undefined,
  disk: Disk,
): Promise<void> {
  await replaceText(disk, security.clientProperties, clientProperties(security, bootstrap))
  await replaceText(disk, security.kcatConfig, kcatConfig(security, bootstrap))
}

function furnishingOf(keyFile: string, { username, password }: LocalSecurity): Furnishing {
  const ofListener = `listener.name.${LISTENER.toLowerCase()}`
  return {
    settings: new Map([
      [`${ofListener}.ssl.keystore.type`, 'PEM'],
      [`${ofListener}.ssl.keystore.location`, keyFile],
      [`${ofListener}.sasl.enabled.mechanisms`, `${MECHANISM},PLAIN`],
      [`${ofListener}.plain.sasl.jaas.config`, `${PLAIN} required user_${username}="${password}";`],
    ]),
    users: [{ name: username, mechanism: MECHANISM, password }],
  }
}

/** The one that is there, while it lasts another day. */
function goodCertificate(keyFile: string, { disk, clock }: Ports): string | undefined {
  const text = readText(disk, keyFile) ?? ''
  const [pem] = certificatesIn(text)
  if (pem === undefined || keyIn(text) === undefined) return undefined
  const untilMs = certificateTimeMs(new X509Certificate(pem).validTo)
  return untilMs - LEEWAY_MS > clock.nowMs() ? pem : undefined
}

async function newCertificate(keyFile: string, { disk, clock, random }: Ports): Promise<string> {
  const nowMs = clock.nowMs()
  const wish = {
    commonName: 'ktool local broker',
    names: ['localhost'],
    addresses: [Buffer.of(127, 0, 0, 1), Buffer.concat([Buffer.alloc(15), Buffer.of(1)])],
    fromMs: nowMs - LEEWAY_MS,
    untilMs: nowMs + VALID_MS,
  }
  const { certificate, key } = selfSigned(wish, random)
  await replaceText(disk, keyFile, key + certificate)
  return certificate
}

/** That of the last time, where nobody has made something else of the file. */
function knownPassword(directory: string, { disk }: Ports): string | undefined {
  const text = readText(disk, join(directory, 'client.properties'))
  const jaas = parseProperties(text ?? '').find(({ key }) => key === 'sasl.jaas.config')?.value
  if (jaas === undefined) return undefined
  const { options } = parseJaas(jaas, 'client.properties')
  return options.get('username') === USERNAME ? options.get('password') : undefined
}
