import { ApiError } from '../api-error.ts'
import type { BrokerConfigs } from './broker-configs.ts'

const NAME = 'cordoned.log.dirs'
const ALL = '*'

/** Which of these directories get no new partitions (KIP-1066). */
export function cordonedOf(configs: BrokerConfigs, paths: readonly string[]): readonly string[] {
  const cordoned = configs.list(NAME)
  return cordoned.includes(ALL) ? paths : paths.filter((path) => cordoned.includes(path))
}

/** Throws INVALID_REQUEST where there are others than the broker's own, or more beside all of them. */
export function mustCordonItsOwn(configs: BrokerConfigs): void {
  const refuse = (message: string) => new ApiError('INVALID_REQUEST', `requirement failed: ${message}`)
  const cordoned = configs.list(NAME)
  if (cordoned.includes(ALL)) {
    if (cordoned.length === 1) return
    throw refuse(`When ${NAME} is set to ${ALL}, it must not contain other values`)
  }
  // Before the directories are known there is nothing to hold it to.
  if (configs.text('log.dirs') === null) return
  const own = configs.list('log.dirs')
  const missing = cordoned.filter((path) => !own.includes(path))
  if (missing.length === 0) return
  throw refuse(
    `All entries in ${NAME} must be present in log.dirs or log.dir. Missing entries : ${missing.join(', ')}`,
  )
}
