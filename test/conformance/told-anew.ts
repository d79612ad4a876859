const AGAIN_AT_MOST = 2

/** A busy machine makes timers and requests meet; what is no chance is there each time that a story is told. */
export async function toldAnew<T>(
  tell: (again: number) => Promise<T>,
  isAlike: (outcome: T) => boolean,
): Promise<T> {
  let outcome = await tell(0)
  for (let again = 1; !isAlike(outcome) && again <= AGAIN_AT_MOST; again++) outcome = await tell(again)
  return outcome
}
