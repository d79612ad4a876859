/** Nothing is left of it by Java's `trim`, which takes away each character up to the space, and no other. */
export function isJavaBlank(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x20) return false
  return true
}
