/** Applications: releases, their adoption, and the player in each. */
import { DAY_MS } from '../../platform/time.ts'
import { HLS_JS, type PlayerConfig } from '../player/index.ts'
import type { Device, DeviceKind } from './population.ts'

export interface Release {
  readonly version: string
  /** Relative to the start of live time, ms. */
  readonly atMs: number
}

/** A release every ten days, the latest three days before the world goes live. */
export const RELEASES: readonly Release[] = ['9.1.0', '9.2.0', '9.3.0', '9.4.0', '9.5.0'].map((version, i) => ({
  version,
  atMs: (i * 10 - 43) * DAY_MS,
}))

/** The version on a device: the latest one released at least its adoption time ago. */
export function versionOn({ adoptionMs }: Device, sinceLiveMs: number): string {
  return (RELEASES.findLast(({ atMs }) => atMs + adoptionMs <= sinceLiveMs) ?? RELEASES[0]!).version
}

export interface App {
  readonly player: PlayerConfig
  readonly streamFormat: string
  readonly display: { readonly width: number; readonly height: number }
  /** The application's own share of the start-up time, ms: until the player requests the manifest. */
  readonly pageMs: number
  readonly playerMs: number
  readonly drmMs: number
}

const HD = { width: 1920, height: 1080 }

export const APPS: Readonly<Record<DeviceKind, App>> = {
  tv: {
    player: { ...HLS_JS, name: 'shaka-player/5.2.12', bufferTargetMs: 60_000, firstByteTimeoutMs: 5_000 },
    streamFormat: 'd',
    display: { width: 3840, height: 2160 },
    pageMs: 900,
    playerMs: 420,
    drmMs: 260,
  },
  stick: {
    player: { ...HLS_JS, name: 'exoplayer/1.8.0', bufferTargetMs: 50_000, firstByteTimeoutMs: 8_000 },
    streamFormat: 'd',
    display: HD,
    pageMs: 1100,
    playerMs: 520,
    drmMs: 300,
  },
  console: {
    player: { ...HLS_JS, name: 'dash.js/5.2.1', abr: 'bola', bufferTargetMs: 40_000 },
    streamFormat: 'd',
    display: HD,
    pageMs: 800,
    playerMs: 300,
    drmMs: 220,
  },
  desktop: {
    player: HLS_JS,
    streamFormat: 'h',
    display: { width: 1600, height: 900 },
    pageMs: 600,
    playerMs: 160,
    drmMs: 180,
  },
  tablet: {
    player: { ...HLS_JS, name: 'avplayer/18.5', bufferTargetMs: 30_000 },
    streamFormat: 'h',
    display: { width: 2048, height: 1536 },
    pageMs: 700,
    playerMs: 240,
    drmMs: 200,
  },
  phone: {
    player: { ...HLS_JS, name: 'exoplayer/1.8.0', bufferTargetMs: 30_000 },
    streamFormat: 'd',
    display: { width: 2340, height: 1080 },
    pageMs: 650,
    playerMs: 260,
    drmMs: 210,
  },
}
