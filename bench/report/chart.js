// @ts-check
'use strict'

// The chart of the README, from the table in docs/performance.md: one picture for light pages, one for dark ones.

/**
 * @typedef {{ name: string, value: number, text: string }} Bar
 * @typedef {{ title: string, bars: Bar[] }} Panel
 * @typedef {{ text: string, quiet: string, track: string, ours: string, peer: string }} Palette
 */

/** The rows of the chart: a title, and the row of the table with the figures. */
const ROWS = [
  ['Load the package', 'load the package, in process: time'],
  ['A process that gets one token, over an empty one', 'a process that gets one token: wall over node -e 0'],
  ['Await a token that is in the cache', 'await a token that is in the cache: one call'],
  ['Requests for 1,000 first calls at once', '1,000 concurrent first calls for one token: requests'],
  ['A call while a refresh is due and the service takes 5 s', 'a call when the token is valid, but due for a refresh: service answers in 5 s'],
  ['Size in node_modules', 'content of node_modules: size'],
]

const NAMES = ['@azure/identity', '@azure/msal-node', 'azure-client-token']
/** The column between them is not a peer's. */
const COLUMNS = [1, 2, 4]

/** @type {Record<'light' | 'dark', Palette>} */
const PALETTES = {
  light: { text: '#1f2328', quiet: '#59636e', track: '#eff1f3', ours: '#0969da', peer: '#afb8c1' },
  dark: { text: '#f0f6fc', quiet: '#9198a1', track: '#212830', ours: '#4493f8', peer: '#59636e' },
}

const WIDTH = 820
const NAME_WIDTH = 150
const VALUE_WIDTH = 110
const BAR = 16
const LINE = 22
const PANEL = 3 * LINE + 40
/** The width of a value that is too small to see. */
const LEAST_WIDTH = 2

/**
 * @param {string} document the text with the table
 * @param {'light' | 'dark'} theme
 */
function chart(document, theme) {
  const panels = panelsOf(document)
  const palette = PALETTES[theme]
  const height = panels.length * PANEL + 8
  const description = panels.map(({ title, bars }) => `${title}: ${bars.map(({ name, text }) => `${name} ${text}`).join(', ')}`).join('. ')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escaped(description)}" font-family="system-ui, -apple-system, 'Segoe UI', sans-serif" font-size="13">`,
    ...panels.map((panel, index) => drawn(panel, index * PANEL, palette)),
    '</svg>',
    '',
  ].join('\n')
}

/** @param {string} document @returns {Panel[]} */
function panelsOf(document) {
  const rows = new Map(document.split('\n').filter((line) => line.startsWith('| ')).map((line) => {
    const cells = line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, ''))
    return [cells[0], cells]
  }))
  return ROWS.flatMap(([title, row]) => {
    const cells = rows.get(row)
    return cells === undefined ? [] : [{ title, bars: barsOf(cells) }]
  })
}

/** The first figure of each cell; the table also has its ratio and variants. @param {string[]} cells @returns {Bar[]} */
function barsOf(cells) {
  return NAMES.flatMap((name, index) => {
    const [figure, unit = ''] = (cells[COLUMNS[index]] ?? '').split(/<br>| \(/)[0].split(' ')
    const value = Number.parseFloat(figure.replaceAll(',', ''))
    const text = `${value.toLocaleString('en-US', { maximumSignificantDigits: 3 })} ${unit}`.trim()
    return Number.isFinite(value) ? [{ name, value, text }] : []
  })
}

/** @param {Panel} panel @param {number} top @param {Palette} palette */
function drawn({ title, bars }, top, palette) {
  const most = Math.max(...bars.map(({ value }) => value))
  const room = WIDTH - NAME_WIDTH - VALUE_WIDTH
  const lines = bars.map(({ name, value, text }, index) => {
    const y = top + 30 + index * LINE
    const width = Math.max(LEAST_WIDTH, (value / most) * room)
    const isOurs = name === NAMES[2]
    const weight = isOurs ? ' font-weight="600"' : ''
    return [
      `<text x="0" y="${y + 12}" fill="${isOurs ? palette.text : palette.quiet}"${weight}>${name}</text>`,
      `<rect x="${NAME_WIDTH}" y="${y}" width="${room}" height="${BAR}" rx="3" fill="${palette.track}"/>`,
      `<rect x="${NAME_WIDTH}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="${Math.min(3, width / 2).toFixed(1)}" fill="${isOurs ? palette.ours : palette.peer}"/>`,
      `<text x="${NAME_WIDTH + room + 10}" y="${y + 12}" fill="${palette.text}"${weight}>${escaped(text)}</text>`,
    ].join('\n')
  })
  return [`<text x="0" y="${top + 18}" fill="${palette.text}" font-size="14" font-weight="600">${escaped(title)}</text>`, ...lines].join('\n')
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

module.exports = { chart, panelsOf }
