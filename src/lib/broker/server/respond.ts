import { BugError, KtoolError } from '../../errors.ts'
import type { Api } from '../../protocol/api.ts'
import { apiVersions } from '../../protocol/apis/api-versions.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { responseHeader } from '../../protocol/headers.ts'
import { ApiError } from '../api-error.ts'
import type { RequestHead } from './request-head.ts'
import type { ResponseMark, ResponseWriter } from './response-writer.ts'

/** A frame that is cut off ends so much before what its length says. */
const CUT_OFF_BYTES = 64

/** The whole frame, its length in front. */
export function writeResponse(
  writer: ResponseWriter,
  head: RequestHead,
  answer: unknown,
  isCut = false,
): void {
  const { api } = head.handler
  const begin = beginResponse(writer, head, api.responseHeaderVersion(head.version))
  api.response.write(writer, answer as Parameters<Api['response']['write']>[1], head.version)
  endResponse(writer, begin, isCut ? CUT_OFF_BYTES : 0)
}

/** A client that is too new learns in the oldest version what it may ask (KIP-511). */
export function writeUnknownApiVersion(writer: ResponseWriter, head: RequestHead): void {
  const begin = beginResponse(writer, head, 0)
  const { apiKey, minVersion, maxVersion } = head.handler.advertised
  const answer = {
    errorCode: errorCodes.UNSUPPORTED_VERSION,
    apiKeys: [{ apiKey, minVersion, maxVersion }],
  }
  apiVersions.response.write(writer, answer, 0)
  endResponse(writer, begin)
}

function beginResponse(writer: ResponseWriter, head: RequestHead, headerVersion: number): ResponseMark {
  const begin = writer.mark()
  writer.int32(0)
  responseHeader.write(writer, { correlationId: head.correlationId }, headerVersion)
  return begin
}

function endResponse(writer: ResponseWriter, begin: ResponseMark, missingBytes = 0): void {
  const lengthBytes = 4
  const sizeBytes = writer.sizeBytes - begin.sizeBytes - lengthBytes
  writer.written().writeInt32BE(sizeBytes + missingBytes, begin.position)
}

/** What answers a request that failed as a whole; nothing for an API whose answers have no error of their own. */
export function failureAnswer(head: RequestHead, error: unknown): object | undefined {
  const field = head.handler.api.response.fields.errorCode
  if (field === undefined) return undefined
  const { min, max } = field.versions
  if (head.version < min || head.version > max) return undefined
  if (error instanceof ApiError) return { errorCode: error.code }
  return { errorCode: errorCodes.UNKNOWN_SERVER_ERROR }
}

/** The answer with how long its client is held back, where it has room for that. */
export function withHold({ handler, version }: RequestHead, answer: object, heldMs: number): object {
  const field = handler.api.response.fields.throttleTimeMs
  if (field === undefined || version < field.versions.min || version > field.versions.max) return answer
  const alreadyMs = 'throttleTimeMs' in answer ? Number(answer.throttleTimeMs) : 0
  return { ...answer, throttleTimeMs: Math.max(alreadyMs, heldMs) }
}

export function asKtoolError(error: unknown): KtoolError {
  if (error instanceof KtoolError) return error
  return new BugError('unexpected', error instanceof Error ? error.message : String(error), { cause: error })
}
