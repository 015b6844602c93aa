/**
 * All pages, in the order of the bar. A page is a file NAME.html in web/, served at /NAME (index.html at /), and a row
 * here.
 */
export interface Section {
  readonly name: string
  readonly path: string
  /** The second key after `g`. */
  readonly key: string
}

export const SECTIONS: readonly Section[] = [
  { name: 'Now', path: '/', key: 'n' },
  { name: 'History', path: '/history', key: 'h' },
  { name: 'Sessions', path: '/sessions', key: 's' },
  { name: 'Incidents', path: '/incidents', key: 'i' },
  { name: 'Experiments', path: '/experiments', key: 'e' },
  { name: 'Flags', path: '/flags', key: 'f' },
]
