import { Reader } from '../../bytes/reader.ts'
import { apiVersions } from '../../protocol/apis/api-versions.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { brokerError } from '../broker-error.ts'
import { BrokerVersions } from './broker-versions.ts'
import type { Connection } from './connection.ts'

interface Software {
  readonly name: string
  readonly version: string
}

/**
 * Asks what the broker serves. One that does not know our version of the question answers in version 0, with the
 * versions that it does know, or before Kafka 2.4 with none.
 */
export async function negotiate(
  connection: Connection,
  software: Software,
  patienceMs: number,
): Promise<void> {
  const highest = apiVersions.versions.max
  const question = { clientSoftwareName: software.name, clientSoftwareVersion: software.version }
  const frame = await connection.askFrame(apiVersions, highest, question, patienceMs)
  const { isRefused, first } = connection.understood(() => {
    const isRefused = new Reader(frame).int16() === errorCodes.UNSUPPORTED_VERSION
    return { isRefused, first: apiVersions.response.decode(frame, isRefused ? 0 : highest) }
  })
  const known = first.apiKeys.find(({ apiKey }) => apiKey === apiVersions.key)?.maxVersion ?? 0
  const version = Math.min(known, highest - 1)
  const answer = isRefused ? await connection.askAt(apiVersions, version, question, patienceMs) : first
  if (answer.errorCode !== errorCodes.NONE) throw brokerError(answer.errorCode)
  connection.versions = BrokerVersions.told(connection.peer, answer.apiKeys)
}
