import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

/** The real browser of these tests. */
const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts a browser process of its own. `autoplay`: pages may play without a click. */
export async function openBrowser({ autoplay = false } = {}): Promise<Browser> {
  assert.ok(
    existsSync(CHROMIUM),
    `this test drives a real browser: install Chromium, or name it by CHROMIUM_PATH (${CHROMIUM} is not there)`,
  )
  return chromium.launch({
    executablePath: CHROMIUM,
    args: autoplay ? [...FLAGS, '--autoplay-policy=no-user-gesture-required'] : FLAGS,
  })
}
