/** For work on large files that would keep the event loop to itself: asked between two of its pieces. */
export interface Turns {
  isDue(): boolean
  turn(doneBytes: number, totalBytes: number): Promise<void>
}
