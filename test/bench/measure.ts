/** One thing to time; `work` runs it once. */
export interface Subject {
  readonly name: string
  readonly work: () => void
}

export interface Timing {
  readonly name: string
  /** Microseconds of one run of the work, median and best over the rounds. */
  readonly medianUs: number
  readonly bestUs: number
}

/**
 * Times several subjects turn by turn, so that whatever else the machine is doing falls on all of them.
 * Compare figures of one call only.
 */
export function measure(subjects: readonly Subject[], { rounds = 15, runs = 20 } = {}): Timing[] {
  const samples = subjects.map((): number[] => [])
  for (const { work } of subjects) for (let i = 0; i < runs * 3; i++) work()
  for (let round = 0; round < rounds; round++)
    subjects.forEach(({ work }, i) => {
      samples[i]?.push(timeUs(work, runs))
    })
  return subjects.map(({ name }, i) => summary(name, samples[i] ?? []))
}

function timeUs(work: () => void, runs: number): number {
  const start = process.hrtime.bigint()
  for (let i = 0; i < runs; i++) work()
  return Number(process.hrtime.bigint() - start) / runs / 1000
}

function summary(name: string, samples: number[]): Timing {
  const sorted = samples.toSorted((a, b) => a - b)
  return { name, medianUs: sorted[sorted.length >> 1] ?? Number.NaN, bestUs: sorted[0] ?? Number.NaN }
}

/** Prints each timing beside the first, which is ours. */
export function report(timings: readonly Timing[]): void {
  const ours = timings[0]
  if (ours === undefined) return
  for (const { name, medianUs, bestUs } of timings) {
    const ratio = `ours takes ${(ours.medianUs / medianUs).toFixed(2)}× (best ${(ours.bestUs / bestUs).toFixed(2)}×)`
    process.stdout.write(`${name.padEnd(44)} median ${us(medianUs)}  best ${us(bestUs)}  ${ratio}\n`)
  }
}

function us(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0).padStart(8)} µs`
}
