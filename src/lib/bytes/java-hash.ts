/** `String.hashCode()` of Java: over UTF-16 units, wrapping around at 32 bits. */
export function javaHash(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0
  return hash
}

/** Which partition of a coordinator's topic keeps a group, a transactional id or a share partition. */
export function coordinatorPartition(id: string, partitionCount: number): number {
  const hash = javaHash(id)
  // Java has no absolute value of its least int; Kafka takes 0 for it.
  return hash === -(2 ** 31) ? 0 : Math.abs(hash) % partitionCount
}
