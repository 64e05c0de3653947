// @ts-check
'use strict'

const { identitySize, msalSize, sizeOfOurs } = require('../measure/installed')

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'installed-size',
  title: 'content of node_modules',
  rounds: [1, 1],
  subjects: [
    { name: 'identity', peer: 'identity' },
    { name: 'msal', peer: 'msal' },
    { name: 'ours', peer: 'ours' },
  ],
  metrics: [
    { key: 'size', label: 'size', unit: 'MB', digits: 1, headline: true },
    { key: 'packages', label: 'packages', unit: '', digits: 0, headline: true },
  ],

  async measure(_stage, { peer }) {
    return peer === 'ours' ? sizeOfOurs() : peer === 'identity' ? identitySize() : msalSize()
  },

  targets: [
    { text: 'at most 6 MB', met: (median) => median('ours', 'size') <= 6 },
    { text: 'at most 2 packages', met: (median) => median('ours', 'packages') <= 2 },
  ],
}
