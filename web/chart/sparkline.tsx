import { runs } from './scale.ts'

const [WIDTH, HEIGHT] = [64, 16]

/** A word-sized line, hidden from screen readers. */
export function Sparkline({ values, top }: { readonly values: readonly (number | null)[]; readonly top: number }) {
  const x = (i: number): string => ((i / Math.max(1, values.length - 1)) * WIDTH).toFixed(1)
  const y = (value: number): string => (HEIGHT - 1 - (value / (top || 1)) * (HEIGHT - 2)).toFixed(1)
  const path = runs(values.length, (i) => values[i] !== null)
    .map(({ from, to }) =>
      Array.from(
        { length: to - from + 1 },
        (_, i) => `${i === 0 ? 'M' : 'L'}${x(from + i)} ${y(values[from + i]!)}`,
      ).join(''),
    )
    .join('')
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      aria-hidden="true"
      focusable="false"
    >
      <path class="line s1" d={path || 'M0 0'} />
    </svg>
  )
}
