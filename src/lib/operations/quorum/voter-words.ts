import { UsageError } from '../../errors.ts'
import type { VoterEndpoint, VoterId } from '../../model/quorum-changer.ts'

/** A voter as it is typed: the directory may be left out where it is plain which. */
export interface VoterWord {
  readonly node: number
  readonly directoryId: string | null
}

/** `2@_1_iaWxoP4d3PKs4cglyig`, or `2`. */
export function parseVoter(text: string): VoterWord {
  const [, node, directoryId = null] = /^(\d{1,10})(?:@([\w-]{22}))?$/.exec(text) ?? []
  if (node !== undefined && Number(node) <= 0x7fffffff) return { node: Number(node), directoryId }
  throw new UsageError('invalid-voter', `"${text}" is no controller`, {
    hint: 'write its id, and that of its directory: 2@_1_iaWxoP4d3PKs4cglyig; ktool cluster quorum shows both',
  })
}

/** `CONTROLLER://host:9093`. */
export function parseEndpoint(text: string): VoterEndpoint {
  const [, listener = '', bracketed, plain, port = ''] =
    /^(\w[\w.-]*):\/\/(?:\[([^\]]+)\]|([^\s:/[\]]+)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? plain
  if (host !== undefined && Number(port) > 0 && Number(port) <= 65535) {
    return { listener, host, port: Number(port) }
  }
  throw new UsageError('invalid-endpoint', `--endpoint: "${text}" is no endpoint of a controller`, {
    hint: 'write the name of its listener, host and port: CONTROLLER://host:9093',
  })
}

export function voterInWords({ node, directoryId }: VoterId): string {
  return `${node}@${directoryId}`
}

export function endpointInWords({ listener, host, port }: VoterEndpoint): string {
  return `${listener}://${host.includes(':') ? `[${host}]` : host}:${port}`
}
