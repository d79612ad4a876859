// Prints "PASSED FAILED" of a report that vitest wrote, then what did not pass and why. A report that is missing, or of no test at all,
// is a failure: nothing is green because nothing ran.
import { existsSync, readFileSync } from 'node:fs'

const [file] = process.argv.slice(2)
const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
const passed = report.numPassedTests ?? 0
// A file that cannot even be loaded has no tests in it that could fail.
const broken = (report.testResults ?? []).filter(
  (each) => each.status === 'failed' && each.assertionResults.length === 0,
)
const failed = (report.numFailedTests ?? 0) + (report.numPendingTests ?? 0) + broken.length
console.log(passed, passed + failed === 0 ? 1 : failed)
for (const each of broken) console.log(`${each.name}: ${each.message}`)
for (const { assertionResults, name } of report.testResults ?? []) {
  for (const { status, fullName, failureMessages = [] } of assertionResults) {
    if (status === 'passed') continue
    console.log(`${name}: ${fullName}: ${status} ${failureMessages.join('\n').slice(0, 2000)}`)
  }
}
