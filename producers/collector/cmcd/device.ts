/**
 * Device classes by patterns in the user agent, first match first: a console's browser also says "Linux", a stick
 * "Android", a television "Mobile". Browsers freeze the rest of the string, so no finer class is derived from it.
 */
const CLASSES: readonly (readonly [string, RegExp])[] = [
  ['console', /PlayStation|Xbox|Nintendo/],
  ['stick', /\bAFT[A-Z0-9]+\b|CrKey|Chromecast|Roku|Fire ?TV ?Stick/],
  [
    'tv',
    /SMART-?TV|SmartTV|Tizen.*TV|Web0S|webOS|HbbTV|BRAVIA|GoogleTV|Android ?TV|AppleTV|Apple TV|tvOS|NetCast|VIDAA|Viera|\bTV\b/i,
  ],
  ['tablet', /iPad|Tablet|PlayBook|Silk(?!.*Mobile)|Android(?!.*Mobile)/],
  ['phone', /iPhone|iPod|Android.*Mobile|Windows Phone|\bMobile\b/],
  ['desktop', /Windows NT|Macintosh|X11|CrOS|Linux/],
]

/** Device class of a user agent; '' if unknown. */
export const deviceOf = (userAgent: string | undefined): string =>
  CLASSES.find(([, pattern]) => pattern.test(userAgent ?? ''))?.[0] ?? ''
