import { type Codec, codecs } from '../../compression/codec.ts'
import { compress } from '../../compression/compress.ts'
import { UsageError } from '../../errors.ts'
import type { Packing } from './pending-batch.ts'

/** `zstd`, or with a level `zstd:19`. */
export function parseCompression(text: string): Packing {
  const [name = '', digits, ...more] = text.toLowerCase().split(':')
  const codec: Codec | undefined = codecs.find((each) => each === name)
  const isLevel = digits === undefined || /^-?\d+$/.test(digits)
  if (codec === undefined || !isLevel || more.length > 0) {
    throw new UsageError('no-such-choice', `"${text}" is none of ${codecs.join(', ')}`, {
      hint: 'a level stands behind: gzip:9',
    })
  }
  const level = digits === undefined ? undefined : Number(digits)
  // A level that there is not is refused now, and not with the first batch.
  if (level !== undefined && codec !== 'none') compress(codec, Buffer.alloc(0), { level })
  return { codec, level }
}
