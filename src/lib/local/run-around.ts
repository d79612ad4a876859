import { formatAddress } from '../config/listeners.ts'
import type { Environment, Processes, RunningProcess } from '../ports/processes.ts'
import { DATA_DIR_VARIABLE } from './control/ask-control.ts'
import type { LocalBroker } from './open-local.ts'

/** What the program finds in its environment: ktool's own name for it, and the one that most programs read. */
const names = ['KTOOL_BOOTSTRAP', 'BOOTSTRAP_SERVERS']
/** The client.properties that goes with it. */
const CONFIG = 'KTOOL_COMMAND_CONFIG'

/** Runs a program while the broker runs, and gives its exit code. `started` gets it as soon as it lives. */
export async function runAround(
  local: LocalBroker,
  command: readonly string[],
  environment: Environment,
  processes: Pick<Processes, 'run'>,
  started: (child: RunningProcess) => void,
): Promise<number> {
  const [endpoint] = local.broker.endpoints.values()
  const bootstrap = endpoint === undefined ? '' : formatAddress(endpoint)
  const config = local.security === null ? {} : { [CONFIG]: local.security.clientProperties }
  const given = {
    ...Object.fromEntries(names.map((name) => [name, bootstrap])),
    ...config,
    ...controlVariables(local),
  }
  try {
    const child = await processes.run(command, { ...environment, ...given })
    started(child)
    return await child.ended
  } finally {
    await local.stop()
  }
}

/** By these a program finds how to have the broker fail: by commands of ktool, and by HTTP where that is on. */
function controlVariables({ broker, control }: LocalBroker): Environment {
  const url = control?.url ?? undefined
  return {
    [DATA_DIR_VARIABLE]: broker.dataDir,
    ...(url && { KTOOL_CONTROL_URL: url, KTOOL_CONTROL_TOKEN_FILE: control?.tokenFile }),
  }
}
