import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { java, jvmFlags } from './java.ts'
import { type Kept, keep } from './keep.ts'
import { libs, logs } from './places.ts'
import { type Ports, password, serverProperties, users } from './server-properties.ts'

export interface Kafka {
  ports: Ports
  /** Where its partitions lie. */
  logDir: string
  /** The certificate of the TLS listeners, as PEM. */
  certificate: string
  logFile: string
}

export interface RunningKafka extends Kept {
  kafka: Kafka
}

const run = promisify(execFile)

/** One KRaft node in a temporary folder on free ports, with plain, TLS and SASL listeners. */
export async function startKafka(): Promise<RunningKafka> {
  const folder = mkdtempSync(join(tmpdir(), 'ktool-kafka-'))
  try {
    return await startIn(folder)
  } catch (cause) {
    rmSync(folder, { recursive: true, force: true })
    throw cause
  }
}

async function startIn(folder: string): Promise<RunningKafka> {
  const logDir = join(folder, 'data')
  const properties = join(folder, 'server.properties')
  const keyStore = join(folder, 'keys.p12')
  const ports = await freePorts()
  writeFileSync(properties, serverProperties(ports, logDir, keyStore))
  const [certificate] = await Promise.all([makeKeyStore(keyStore), format(properties)])
  mkdirSync(logs, { recursive: true })
  const logFile = `${logs}server.log`
  const talk = '-Dorg.slf4j.simpleLogger.defaultLogLevel=info'
  const kept = await keep({
    command: 'java',
    args: [...jvmFlags, talk, '-cp', `${libs}*`, 'kafka.Kafka', properties],
    logFile,
    readyLine: 'Kafka Server started',
    folder,
    patienceMs: 20_000,
  })
  return { ...kept, kafka: { ports, logDir, certificate, logFile } }
}

async function format(properties: string): Promise<void> {
  const clusterId = randomBytes(16).toString('base64url')
  const scram = Object.entries(users).flatMap(([name, { secret, mechanism }]) =>
    mechanism === 'PLAIN' ? [] : ['--add-scram', `${mechanism}=[name=${name},password=${secret}]`],
  )
  await java('kafka.tools.StorageTool', ['format', `--cluster-id=${clusterId}`, '-c', properties, ...scram])
}

async function makeKeyStore(path: string): Promise<string> {
  const store = ['-alias', 'kafka', '-keystore', path, '-storetype', 'PKCS12', '-storepass', password]
  const names = ['-dname', 'CN=localhost', '-ext', 'SAN=dns:localhost,ip:127.0.0.1']
  await run('keytool', ['-genkeypair', '-keyalg', 'EC', '-validity', '2', ...names, ...store])
  const pem = `${path}.pem`
  await run('keytool', ['-exportcert', '-rfc', '-file', pem, ...store])
  return readFileSync(pem, 'utf8')
}

/** All five are held at once before any is let go, so that they differ. */
export async function freePorts(): Promise<Ports> {
  const held = await Promise.all(Array.from({ length: 5 }, () => holdPort()))
  await Promise.all(held.map(({ release }) => release()))
  const [plain = 0, tls = 0, sasl = 0, saslTls = 0, controller = 0] = held.map(({ port }) => port)
  return { plain, tls, sasl, saslTls, controller }
}

function holdPort(): Promise<{ port: number; release: () => Promise<void> }> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      resolve({ port, release: () => new Promise((done) => server.close(() => done())) })
    })
  })
}
