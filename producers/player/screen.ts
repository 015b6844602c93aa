/** What the viewer sees: the playhead, the rendition on the screen, and the conversion of wall time to media time. */
import { addMedia, shownOn, type Counters, type Shown } from './counters.ts'
import type { PlaySetup } from './types.ts'

export class Screen {
  /** Media position, ms. */
  playhead = 0
  /** Where the current range of playing began, ms. */
  watchedFrom = 0
  /** Media played so far, ms. */
  played = 0
  shown: Shown | undefined
  private readonly shownAs: readonly Shown[]
  private readonly ratePermille: number
  private readonly fps: number
  private carry = 0
  private readonly frameCarry = { rendered: 0, dropped: 0 }

  constructor({ title, display, dropPermille, viewer }: PlaySetup) {
    this.shownAs = title.ladder.map((rendition, i) => shownOn(display, rendition, dropPermille?.(i) ?? 0))
    this.ratePermille = viewer.ratePermille ?? 1000
    this.fps = title.fps
  }

  /** Wall time until `media` ms are played. */
  wallFor(media: number): number {
    return this.ratePermille === 1000 ? media : Math.max(0, Math.ceil((media * 1000 - this.carry) / this.ratePermille))
  }

  /** Plays for `ms` of wall time, at most up to the position `limit`. */
  play(ms: number, limit: number, counters: Counters): void {
    const gained = ms * this.ratePermille + this.carry
    const media = Math.min(Math.floor(gained / 1000), limit - this.playhead)
    this.carry = gained % 1000
    this.playhead += media
    this.played += media
    addMedia(counters, this.shown!, media, this.fps, this.frameCarry)
  }

  /** Shows a rendition; a change of bitrate after the first one is a switch. */
  show(rendition: number, counters: Counters): Shown {
    const shown = this.shownAs[rendition]!
    const before = this.shown?.rendition.kbps
    if (before !== undefined && before < shown.rendition.kbps) counters.switches_up++
    if (before !== undefined && before > shown.rendition.kbps) counters.switches_down++
    this.shown = shown
    return shown
  }

  jump(to: number): void {
    this.playhead = to
    this.watchedFrom = to
  }
}
