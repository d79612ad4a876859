import type { RecordBatch } from '../../records/record-batch.ts'
import { jsonLine } from '../json.ts'
import { FORM_INTS, HAS_SEQUENCE, KEY_IS_BASE64, VALUE_IS_BASE64 } from './kernels/record-parts.ts'
import type { RecordForm } from './record-form.ts'

/** What the lines of a batch's records have in common, laid out for the kernel. */
export interface LineParts {
  readonly form: Int32Array
  readonly bytes: Buffer
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function linePartsOf(form: RecordForm, { timestampType, magic }: RecordBatch): LineParts {
  const headers = form.value === 'base64' ? 'headersBase64' : 'headers'
  const parts = layOut([
    headOf(form),
    ',"timestamp":',
    `,"timestampType":"${timestampType}"`,
    ',"key":',
    ',"keyBase64":',
    ',"value":',
    ',"valueBase64":',
    `,"${headers}":[]`,
    ',"sequence":',
    'null',
    BASE64,
  ])
  parts.form[KEY_IS_BASE64] = form.key === 'base64' ? 1 : 0
  parts.form[VALUE_IS_BASE64] = form.value === 'base64' ? 1 : 0
  parts.form[HAS_SEQUENCE] = form.manner === 'dump' && magic === 2 ? 1 : 0
  return parts
}

function headOf({ topic, partition, hasKind }: RecordForm): string {
  const kind = hasKind === true ? '"kind":"record",' : ''
  return `{${kind}"topic":${jsonLine(topic)},"partition":${partition},"offset":`
}

/** In the order of the kernel's numbers of them. */
function layOut(texts: string[]): LineParts {
  const form = new Int32Array(FORM_INTS)
  const parts = texts.map((text) => Buffer.from(text))
  let at = 0
  parts.forEach(({ length }, i) => {
    form[i * 2] = at
    form[i * 2 + 1] = length
    at += length
  })
  return { form, bytes: Buffer.concat(parts) }
}
