import type { StartedFile, StartOutcome, StartPrediction } from '../start/start-prediction.ts'
import type { Finding, JudgedFinding } from './finding.ts'

/** With what each kind of start would do about it. */
export function judge(finding: Finding, { clean, unclean }: StartPrediction): JudgedFinding {
  return {
    ...finding,
    onCleanStart: consequence(finding, clean),
    onUncleanStart: consequence(finding, unclean),
  }
}

function consequence({ file, code, position }: Finding, outcome: StartOutcome): string {
  // The prediction is for the folder as a log, which it is not taken for then.
  if (code === 'partition-metadata-missing') return 'puts the whole folder aside'
  if (!outcome.comesUp) return 'does not start'
  const files = outcome.files ?? []
  const found = files.find(({ name }) => name === file)
  if (found === undefined) return ignored
  switch (found.action) {
    case 'truncate':
      return truncated(found, position, files)
    case 'rebuild':
      return found.sizeBytes === 0 ? 'makes an empty one' : 'rebuilds it'
    case 'delete':
      return 'deletes it'
    case 'rename':
      return renamed(found)
    case 'keep':
      return ignored
  }
}

const ignored = 'ignores it'

function truncated(
  { sizeBytes }: StartedFile,
  position: number | null,
  files: readonly StartedFile[],
): string {
  const where = position === sizeBytes ? 'truncates the log here' : `truncates the log to ${sizeBytes} bytes`
  const removed = removedLogs(files).length
  if (removed === 0) return where
  return `${where}, and deletes the ${removed === 1 ? 'segment' : `${removed} segments`} behind it`
}

function renamed({ renamedTo }: StartedFile): string {
  return renamedTo?.endsWith('.deleted') === true ? 'deletes the segment' : `renames it to ${renamedTo}`
}

/** Logs that were in use and are marked to be deleted. */
export function removedLogs(files: readonly StartedFile[]): StartedFile[] {
  return files.filter(
    ({ action, renamedTo }) => action === 'rename' && renamedTo?.endsWith('.log.deleted') === true,
  )
}
