import { resolve } from 'node:path'
import { UsageError } from '../errors.ts'

const NAME = 'cordoned.log.dirs'

/** The settings with the directories that get no new partitions as they are named here. */
export function namingCordoned(
  values: ReadonlyMap<string, string>,
  dataDirs: readonly string[],
): ReadonlyMap<string, string> {
  const written = values.get(NAME)?.trim() ?? ''
  if (written === '' || written === '*') return values
  const cordoned = written.split(',').map((dir) => resolve(dir.trim()))
  const stray = cordoned.find((dir) => !dataDirs.includes(dir))
  if (stray === undefined) return new Map([...values, [NAME, cordoned.join(',')]])
  const hint =
    dataDirs.length === 0
      ? 'name the directories with --data-dir; * cordons them all'
      : `they are ${dataDirs.join(', ')}; * cordons them all`
  throw new UsageError(
    'no-such-log-dir',
    `${NAME} names ${stray}, which is no data directory of this broker`,
    {
      hint,
    },
  )
}
