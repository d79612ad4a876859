import { expect, it } from 'vitest'
import { isJavaBlank } from '../../../src/lib/bytes/java-blank.ts'

it('is blank for Java what has no character beyond the space', () => {
  expect(['', ' ', '\u0000', '\t\n \u001f'].map(isJavaBlank)).toEqual([true, true, true, true])
  expect(['a', ' a ', '\u00a0', '\u2003', '\ufeff'].map(isJavaBlank)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ])
})
