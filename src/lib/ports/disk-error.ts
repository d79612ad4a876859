import { FailedError, KtoolError } from '../errors.ts'

const reasons: Record<string, [code: string, reason: string]> = {
  ENOENT: ['file-not-found', 'there is no such file'],
  ENOTDIR: ['file-not-found', 'a part of the path is not a folder'],
  EEXIST: ['file-exists', 'there is a file of that name'],
  ENOTEMPTY: ['file-exists', 'the folder is not empty'],
  ELOOP: ['symlink-loop', 'symbolic links lead in a circle'],
  EISDIR: ['file-is-folder', 'it is a folder'],
  EACCES: ['file-not-permitted', 'permission denied'],
  EPERM: ['file-not-permitted', 'operation not permitted'],
  EROFS: ['file-not-permitted', 'the file system is read-only'],
  ENOSPC: ['disk-full', 'no space is left on the device'],
  EDQUOT: ['disk-full', 'the disk quota is used up'],
  EMFILE: ['too-many-files', 'this process has too many open files'],
  ENFILE: ['too-many-files', 'the system has too many open files'],
}

/** What the system said, as an error that names the file and what was being done to it. */
export function diskError(cause: unknown, action: string, path: string): KtoolError {
  if (cause instanceof KtoolError) return cause
  const errno = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
  const [code, reason] = reasons[errno] ?? [
    'disk-error',
    cause instanceof Error ? cause.message : String(cause),
  ]
  return new FailedError(code, `cannot ${action} ${path}: ${reason}`, { cause, details: { path, errno } })
}

/** Runs a synchronous call to the system and says what failed, should it fail. */
export function saying<T>(action: string, path: string, run: () => T): T {
  try {
    return run()
  } catch (cause) {
    throw diskError(cause, action, path)
  }
}
