import { compileJava, fetchLibs } from './java.ts'

/** For tests that start what Kafka they need, and stop it. */
export async function setup(): Promise<void> {
  await fetchLibs()
  await compileJava()
}
