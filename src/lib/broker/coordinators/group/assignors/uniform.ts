import type { Assignor } from './assignor.ts'
import { uniformHeterogeneous } from './uniform-heterogeneous.ts'
import { uniformHomogeneous } from './uniform-homogeneous.ts'

/** As even as can be over all topics, and as much as can be stays where it is. */
export const uniform: Assignor = (question) => {
  if (question.members.size === 0) return new Map()
  return question.isHomogeneous ? uniformHomogeneous(question) : uniformHeterogeneous(question)
}
