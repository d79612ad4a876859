'use strict'
// What a second thread of ktool runs: the program's own bundle, and in it the work that it was started for.
const path = require('node:path')
const { workerData } = require('node:worker_threads')
const { loadWithCodeCache } = require('./code-cache.js')

loadWithCodeCache(path.join(__dirname, '..', 'dist', 'ktool.cjs'), require).exports.work(workerData)
