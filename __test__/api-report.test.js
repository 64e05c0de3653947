// @ts-check
'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const { test } = require('node:test')
const { place, report } = require('../scripts/api-report')

test('etc/api.md is the public interface: node scripts/api-report.js writes it', () => {
  assert.equal(fs.readFileSync(place, 'utf8'), report())
})
