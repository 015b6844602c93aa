import { readFileSync } from 'node:fs'
import path from 'node:path'

/** Players that report by CMCD version 2, event mode, and how a page begins to play with each. */
export interface Player {
  readonly name: string
  /** Its package. */
  readonly from: string
  /** Whether its records tell its states. */
  readonly states: boolean
  /** Scenarios in which it gives up and never tells a fatal state. */
  readonly silentIn: readonly string[]
  readonly script: string
  /** Statements that make it ready before anybody asks for playback; of `video`, `to` (URL) and `sid`. */
  readonly prepare: string
  /** Statements that ask for playback; of `video` and `media` (URL of a folder). */
  readonly begin: string
}

/** Time between two interval reports, ms: short, so that a playback of seconds has some. */
export const INTERVAL_MS = 2_000
const EVENTS = "['ps', 't', 'rr', 'e']"
const KEYS =
  "['bl', 'br', 'bs', 'bsa', 'bsd', 'bsda', 'cid', 'dfa', 'e', 'ec', 'msd', 'mtp', 'ot', 'pr', 'pt', 'sf', 'sid', 'sn', 'st', 'sta', 'ts', 'v', 'url', 'rc', 'ttfb', 'ttlb']"
const INTERVAL_S = INTERVAL_MS / 1_000

const SHAKA = `globalThis.player = new shaka.Player()
  player.configure({ cmcd: { enabled: true, version: 2, sessionId: sid, contentId: sid, eventTargets: [{ mode: 'event', enabled: true, url: to, events: ${EVENTS}, interval: ${INTERVAL_S}, useHeaders: false, version: 2, includeKeys: ${KEYS} }] } })
  await player.attach(video)`
const SHAKA_BEGIN = `player.load(media + '/main.mpd').catch(() => undefined)`

export const PLAYERS: readonly Player[] = [
  {
    name: 'hls.js',
    from: 'hls.js',
    states: true,
    // Its reporter looks whether an error is fatal before that is decided.
    silentIn: ['no-media'],
    script: 'dist/hls.min.js',
    prepare: `globalThis.player = new Hls({ cmcd: { version: 2, sessionId: sid, contentId: sid, eventTargets: [{ url: to, events: ${EVENTS}, interval: ${INTERVAL_S}, includeKeys: ${KEYS} }] } })`,
    begin: `player.loadSource(media + '/main.m3u8'); player.attachMedia(video)`,
  },
  {
    name: 'dash.js',
    from: 'dashjs',
    states: true,
    // Its errors are events (`e=e`), never a state.
    silentIn: ['no-media', 'no-manifest'],
    script: 'dist/modern/umd/dash.all.min.js',
    prepare: `globalThis.player = dashjs.MediaPlayer().create()
  player.updateSettings({ streaming: { cmcd: { enabled: true, version: 2, sid, cid: sid, eventTargets: [{ enabled: true, url: to, events: ${EVENTS}, interval: ${INTERVAL_S}, enabledKeys: ${KEYS} }] } } })`,
    begin: `player.initialize(video, media + '/main.mpd', true)`,
  },
  {
    name: 'shaka-debug',
    from: 'shaka-player',
    states: true,
    silentIn: ['no-manifest'],
    script: 'dist/shaka-player.compiled.debug.js',
    prepare: SHAKA,
    begin: SHAKA_BEGIN,
  },
  // Its minifier renames the key of the state.
  {
    name: 'shaka',
    from: 'shaka-player',
    states: false,
    silentIn: ['no-media', 'no-manifest'],
    script: 'dist/shaka-player.compiled.js',
    prepare: SHAKA,
    begin: SHAKA_BEGIN,
  },
]

const inPackage = ({ from }: Player, file: string): string =>
  readFileSync(path.join(import.meta.dirname, '../../../node_modules', from, file), 'utf8')

export const sourceOf = (player: Player): string => inPackage(player, player.script)
export const versionOf = (player: Player): string =>
  (JSON.parse(inPackage(player, 'package.json')) as { version: string }).version
