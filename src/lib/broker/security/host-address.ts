/** Within a group of four hexadecimal digits Java writes no leading zeros, and it never leaves groups out. */
const GROUPS = 8
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/** As Java writes the address of a client, and entries have to name it: `::1` is `0:0:0:0:0:0:0:1`. */
export function hostAddress(host: string): string {
  if (!host.includes(':')) return host
  const [, mapped] = MAPPED.exec(host) ?? []
  if (mapped !== undefined) return mapped
  const [address = '', zone] = host.split('%')
  const [before = '', after] = address.split('::')
  const head = groupsOf(before)
  const tail = after === undefined ? [] : groupsOf(after)
  const gap = Array.from({ length: Math.max(0, GROUPS - head.length - tail.length) }, () => '0')
  const full = (after === undefined ? head : [...head, ...gap, ...tail]).join(':')
  return zone === undefined ? full : `${full}%${zone}`
}

function groupsOf(part: string): string[] {
  if (part === '') return []
  return part.split(':').map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
}
