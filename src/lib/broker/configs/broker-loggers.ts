import { ApiError } from '../api-error.ts'
import { type Alteration, operations } from './altered-configs.ts'
import type { ConfigEntry } from './config-entries.ts'
import { configSources } from './config-origins.ts'
import { asId } from './config-resources.ts'
import { loggerLevels, type RootLogger } from './root-logger.ts'

/** Kafka has a logger for each of its classes, this broker has one. */
const ROOT = 'root'

export function describeBrokerLoggers({ level }: RootLogger): readonly ConfigEntry[] {
  return [
    {
      name: ROOT,
      value: level,
      readOnly: false,
      configSource: configSources.brokerLogger,
      isSensitive: false,
      synonyms: [],
      configType: 0,
      documentation: '',
    },
  ]
}

/** Sets what is to be set, or only tries; throws in Kafka's words. */
export function alterBrokerLoggers(
  { id, logger }: { readonly id: number; readonly logger: RootLogger },
  name: string,
  wanted: readonly Alteration[],
  isTrial: boolean,
): void {
  mustBeThisNode(id, name)
  for (const alteration of wanted) mustBePossible(alteration)
  if (isTrial) return
  for (const { value } of wanted) if (value !== null) logger.setLevel(value)
}

function mustBeThisNode(nodeId: number, name: string): void {
  const id = asId(name)
  if (id === undefined) {
    throw new ApiError('INVALID_REQUEST', `Node id must be an integer, but it is: ${name}`)
  }
  if (id === nodeId) return
  throw new ApiError('INVALID_REQUEST', `Unexpected node id. Expected ${nodeId}, but received ${id}`)
}

function mustBePossible({ name, configOperation, value }: Alteration): void {
  if (configOperation === operations.append || configOperation === operations.subtract) {
    const verb = configOperation === operations.append ? 'APPEND' : 'SUBTRACT'
    throw new ApiError('INVALID_REQUEST', `${verb} operation is not allowed for the BROKER_LOGGER resource`)
  }
  if (configOperation > operations.subtract || configOperation < 0) throw new ApiError('UNKNOWN_SERVER_ERROR')
  if (name !== ROOT) throw new ApiError('INVALID_CONFIG', `Logger ${name} does not exist!`)
  if (configOperation === operations.delete) {
    throw new ApiError('INVALID_REQUEST', 'Removing the log level of the root logger is not allowed')
  }
  if (value === null || !loggerLevels.includes(value)) {
    const known = `Valid log levels are ${loggerLevels.join(', ')}`
    throw new ApiError(
      'INVALID_CONFIG',
      `Cannot set the log level of ${name} to ${value} as it is not a supported log level. ${known}`,
    )
  }
}
