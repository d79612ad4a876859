import { join } from 'node:path'
import type { Broker } from '../../broker/broker.ts'
import { formatAddress } from '../../config/listeners.ts'
import { temporaryFolder, type UserEnvironment } from '../../config/user-folders.ts'
import { KtoolError } from '../../errors.ts'
import { type HttpListener, listenByHttp, listenByHttpAtFile } from '../../network/http-server.ts'
import type { Address } from '../../ports/network.ts'
import type { LocalWorld } from '../local-world.ts'
import { removeControlFiles, removeOldSocket, tokenFile, writeControlFiles } from './control-files.ts'
import { removeDeadSockets } from './dead-sockets.ts'
import { guarded } from './guard.ts'
import { controlRoutes } from './routes.ts'

const NAME_BYTES = 8
const TOKEN_BYTES = 32
/** What macOS has room for, and a longer name is cut off without a word. */
const LONGEST_PATH_BYTES = 103

/** How a broker is controlled while it runs: by commands of this machine, and by HTTP where that was asked for. */
export interface Control {
  readonly url: string | null
  readonly tokenFile: string
  close(): Promise<void>
}

export async function openControl(
  broker: Broker,
  at: Address | undefined,
  world: LocalWorld,
): Promise<Control> {
  const { ports, processId } = world
  const { dataDir } = broker
  const token = ports.random.bytes(TOKEN_BYTES).toString('hex')
  const serve = guarded(token, controlRoutes(broker))
  removeOldSocket(ports.disk, dataDir)
  const byFile = await listenAtFile(serve, world)
  const byPort = at === undefined ? undefined : await listenByHttp(at, serve)
  const url = byPort === undefined ? null : `http://${formatAddress(byPort.address)}`
  const tidied = byFile === undefined ? undefined : tidyTemporaryFolder(byFile.address.host, world)
  const close = async () => {
    removeControlFiles(ports.disk, dataDir)
    await Promise.all([byFile?.close(), byPort?.close(), tidied])
  }
  try {
    const socket = byFile?.address.host ?? null
    writeControlFiles(ports.disk, dataDir, { processId, socket, url }, token)
  } catch (cause) {
    await close()
    throw cause
  }
  return { url, tokenFile: tokenFile(dataDir), close }
}

/** Without it commands have no way in but the port; the broker serves all the same. */
async function listenAtFile(
  serve: Parameters<typeof listenByHttpAtFile>[1],
  { ports, environment, platform }: LocalWorld,
): Promise<HttpListener | undefined> {
  const path = socketPath({ environment, platform }, ports.random.bytes(NAME_BYTES).toString('hex'))
  if (Buffer.byteLength(path) > LONGEST_PATH_BYTES) return undefined
  try {
    return await listenByHttpAtFile(path, serve)
  } catch (cause) {
    if (!(cause instanceof KtoolError)) throw cause
    ports.log.log('warn', 'cannot be controlled by commands', { reason: cause.message })
    return undefined
  }
}

/** While the broker serves already: nobody waits for it. */
function tidyTemporaryFolder(own: string, { ports }: LocalWorld): Promise<void> {
  return removeDeadSockets(own, ports).catch((cause: unknown) => {
    ports.log.log('warn', 'sockets that were left behind stay', { reason: String(cause) })
  })
}

function socketPath(user: UserEnvironment, name: string): string {
  return join(temporaryFolder(user), `ktool-control-${name}.sock`)
}
