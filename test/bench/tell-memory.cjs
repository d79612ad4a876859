'use strict'
// Loaded before ktool, this says at its end, to whoever opened descriptor 3, the most that was resident.
const fs = require('node:fs')

process.on('exit', () => fs.writeSync(3, String(mostResident())))

/** What the system counts for a child begins with the memory of its parent; /proc begins anew with each program. */
function mostResident() {
  try {
    return Number(/^VmHWM:\s*(\d+) kB/m.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]) * 1024
  } catch {
    return process.resourceUsage().maxRSS * 1024
  }
}
