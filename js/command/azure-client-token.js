#!/usr/bin/env node
// @ts-check
'use strict'

const { run } = require('./run')

run(process.argv.slice(2))
