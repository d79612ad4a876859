import { ApiError } from '../api-error.ts'
import { type Alteration, operations } from './altered-configs.ts'
import type { ConfigEntry } from './config-entries.ts'
import { configSources } from './config-origins.ts'
import { asId } from './config-resources.ts'

/** Kafka has a logger for each of its classes. This broker has one, which writes what is of interest. */
const ROOT = 'root'
const LEVEL = 'INFO'
const levels = ['DEBUG', 'ERROR', 'FATAL', 'INFO', 'TRACE', 'WARN']

export function describeBrokerLoggers(): readonly ConfigEntry[] {
  return [
    {
      name: ROOT,
      value: LEVEL,
      readOnly: false,
      configSource: configSources.brokerLogger,
      isSensitive: false,
      synonyms: [],
      configType: 0,
      documentation: '',
    },
  ]
}

/** Throws in Kafka's words where it would; any other level than the one there is, in ours. */
export function checkLoggerAlterations(nodeId: number, name: string, wanted: readonly Alteration[]): void {
  mustBeThisNode(nodeId, name)
  for (const alteration of wanted) mustBePossible(alteration)
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
  if (value === null || !levels.includes(value)) {
    const known = `Valid log levels are ${levels.join(', ')}`
    throw new ApiError(
      'INVALID_CONFIG',
      `Cannot set the log level of ${name} to ${value} as it is not a supported log level. ${known}`,
    )
  }
  if (value === LEVEL) return
  throw new ApiError(
    'INVALID_REQUEST',
    `This broker logs at ${LEVEL}, and takes no other level while it runs`,
  )
}
