import type { Address } from './address.ts'
import { h, setText } from './dom.ts'
import { zone } from './format.ts'
import { createKeys, type Key } from './keys.ts'
import { SECTIONS } from './sections.ts'
import { standing, type Shown, type Standing } from './state.ts'
import { isDark, restoreTheme, toggleTheme } from './theme.ts'

/** A choice of the reader; its name is that of the parameter in the address. */
export interface Choice {
  readonly name: string
  readonly label: string
  readonly options: readonly (readonly [value: string, text: string])[]
}

export interface ShellOptions {
  readonly section: string
  readonly address: Address
  /** In the left column. The first has the key `/`. */
  readonly filters: readonly Choice[]
  /** In the bar: time range, refresh. */
  readonly bar: readonly Choice[]
  /** More to choose by, over the filters; what takes the focus then has the key `/`. */
  readonly search?: { readonly label: string; readonly elements: readonly HTMLElement[]; readonly focus: HTMLElement }
  /** Keys of the page itself. */
  readonly keys?: readonly Key[]
}

export interface Shell {
  readonly main: HTMLElement
  readonly footer: HTMLElement
  select(name: string): HTMLSelectElement
  /** The sentence that answers the page's question, and what to know about it. */
  say(headline: string, note: string): void
  /** Shows how the page stands; says so once when it changes. */
  stand(now: Standing): Shown
  /** Reads a value aloud, politely. */
  speak(text: string): void
}

/** The frame of every page: bar, filters, headline, states, keys. Built once, before any data. */
export function openShell({ section, address, filters, bar, search, keys = [] }: ShellOptions): Shell {
  restoreTheme()
  document.title = `${section} · playloop`
  const selects = new Map([...filters, ...bar].map((choice) => [choice.name, selectOf(choice, address)]))
  const labelled = ({ name, label }: Choice): HTMLElement => h('label', {}, h('span', {}, label), selects.get(name)!)
  const [head, status, voice] = [
    headOf(),
    h('span', { id: 'connection', class: 'status', 'data-state': 'unknown' }, 'loading'),
    h('p', { id: 'cursor-voice', class: 'voice', 'aria-live': 'polite' }),
  ]
  const { buttons, dialog } = controls(
    search?.label ?? filters[0]?.label ?? '',
    () => (search?.focus ?? selects.get(filters[0]?.name ?? ''))?.focus(),
    keys,
  )
  const main = h('main', { id: 'main', tabindex: -1, 'aria-busy': 'true' }, ...head.elements, voice)
  const footer = h('footer', { class: 'note' })
  document.body.append(
    h('a', { class: 'skip', href: '#main' }, 'Skip to the figures'),
    h(
      'header',
      { class: 'bar' },
      h('span', { class: 'product' }, 'playloop'),
      tabs(section),
      status,
      h('span', { class: 'spring' }),
      ...bar.map(labelled),
      ...buttons,
    ),
    h(
      'div',
      { class: 'frame' },
      h(
        'form',
        { class: 'filters', 'aria-label': 'Filters' },
        ...(search?.elements ?? []),
        ...filters.map(labelled),
        h('p', { class: 'note' }, `Times in ${zone()}`),
      ),
      main,
    ),
    footer,
    dialog,
  )
  return {
    main,
    footer,
    select: (name) => selects.get(name)!,
    speak: (text) => setText(voice, text),
    say: (sentence, more) => head.say(sentence, more),
    stand(now) {
      const shown = standing(now)
      status.dataset['state'] = shown.sign
      setText(status, shown.word)
      document.body.dataset['state'] = shown.state
      main.setAttribute('aria-busy', String(shown.state === 'loading'))
      head.warn(shown)
      return shown
    },
  }
}

/** The headline, what to know about it, and what is wrong. */
function headOf(): {
  readonly elements: readonly HTMLElement[]
  say(sentence: string, more: string): void
  warn(shown: Shown): void
} {
  const [headline, note] = [
    h('h1', { id: 'headline', class: 'skeleton' }, 'Loading'),
    h('p', { id: 'note', class: 'note' }),
  ]
  // What is read aloud stays the same while the state does; the age beside it goes on in silence.
  const [why, aged] = [h('span', { role: 'status' }), h('span')]
  const banner = h('p', { id: 'banner', class: 'banner', hidden: true }, why, ' ', aged)
  const say = (sentence: string, more: string): void => {
    headline.classList.remove('skeleton')
    setText(headline, sentence)
    setText(note, more)
  }
  return {
    elements: [headline, note, banner],
    say,
    warn(shown) {
      banner.dataset['state'] = shown.sign
      banner.hidden = shown.banner === ''
      setText(why, shown.banner)
      setText(aged, shown.banner === '' ? '' : shown.aged)
      if (shown.banner !== '' && headline.classList.contains('skeleton')) say('No figures yet', '')
    },
  }
}

/** Keys with their dialog, and the theme. */
function controls(
  filter: string,
  focus: () => void,
  own: readonly Key[],
): { readonly buttons: readonly HTMLElement[]; readonly dialog: HTMLElement } {
  const dark = h(
    'button',
    { type: 'button', id: 'theme', 'aria-pressed': String(isDark()), 'aria-keyshortcuts': 't' },
    'Dark',
  )
  const theme = (): void => {
    toggleTheme()
    dark.setAttribute('aria-pressed', String(isDark()))
  }
  const keys = createKeys([
    { key: '/', does: `to the filter “${filter}”`, run: focus },
    ...own,
    { key: 't', does: 'light or dark', run: theme },
  ])
  const help = h('button', { type: 'button', id: 'help-open', 'aria-keyshortcuts': '?' }, 'Keys')
  help.addEventListener('click', keys.show)
  dark.addEventListener('click', theme)
  return { buttons: [help, dark], dialog: keys.dialog }
}

const tabs = (section: string): HTMLElement =>
  h(
    'nav',
    { 'aria-label': 'Sections' },
    ...SECTIONS.map(({ name, path, key }) =>
      h(
        'a',
        {
          href: path,
          class: 'tab',
          'aria-keyshortcuts': `g ${key}`,
          ...(name === section && { 'aria-current': 'page' }),
        },
        name,
      ),
    ),
  )

function selectOf({ name, options }: Choice, address: Address): HTMLSelectElement {
  const chosen = address.get(name)
  const known = options.some(([value]) => value === chosen) ? options : [...options, [chosen, chosen] as const]
  const select = h(
    'select',
    { id: name, name },
    ...known.map(([value, text]) => new Option(text, value, false, value === chosen)),
  )
  select.addEventListener('change', () => address.set(name, select.value))
  return select
}
