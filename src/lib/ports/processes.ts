/** Other programs: run in our place, left behind in the background, asked whether they live, told to stop. */
export interface Processes {
  /** Of this very program. */
  readonly ownId: number
  /** Runs a program on our terminal, with this environment. It fails where there is no such program. */
  run(command: readonly string[], environment: Environment): Promise<RunningProcess>
  /**
   * Runs a program and takes what it prints; what it says on stderr stays ours. It is ended when it takes too long, or
   * prints more than a secret is long. It fails where there is no such program.
   */
  outputOf(command: readonly string[], environment: Environment, patienceMs: number): Promise<ProgramOutput>
  /**
   * Runs a program that is given this to read; what it prints is ours. Ctrl-C at our terminal does not reach it. Tells its
   * exit code as `run` does.
   */
  runOn(input: Uint8Array, command: readonly string[], environment: Environment): Promise<number>
  /** Starts ktool again with these arguments, in the background, for longer than we live. */
  runInBackground(args: readonly string[], environment: Environment, logFile: string): BackgroundProcess
  isAlive(id: number): boolean
  /** Returns whether there was anyone to tell. */
  signal(id: number, signal: StopSignal): boolean
}

export type Environment = Readonly<Record<string, string | undefined>>
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGKILL'

export interface ProgramOutput {
  readonly exitCode: number
  readonly output: string
}

export interface RunningProcess {
  /** As a shell tells it: its own exit code, or 128 and the number of the signal that ended it. */
  readonly ended: Promise<number>
  signal(signal: StopSignal): void
}

/** What it says on stderr goes to its log file. */
export interface BackgroundProcess {
  readonly id: number
  /** The first line that it prints on stdout; nothing if it ends before. */
  readonly firstLine: Promise<string | undefined>
  /** Its exit code, as long as we live to see it. */
  readonly ended: Promise<number>
  /** Lets us end without waiting for it. */
  leave(): void
}
