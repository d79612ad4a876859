import { type Codec, idOf } from '../../compression/codec.ts'
import type { TopicConfigs } from '../configs/topic-configs.ts'

/** The codec that a batch is written with, by its number: the topic's, or its producer's. */
export function targetCodec({ compressionType }: TopicConfigs, sourceId: number): number {
  if (compressionType === 'producer') return sourceId
  const codec: Codec = compressionType === 'uncompressed' ? 'none' : compressionType
  return idOf(codec)
}
