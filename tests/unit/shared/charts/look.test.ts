import { describe, expect, test } from 'vitest'
import type { Look } from '../../../../shared/charts/look.ts'
import { colourAt, darkLook, learnerColour, lightLook } from '../../../../shared/charts/look.ts'

/** Relative luminance by WCAG 2.2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

describe.each([
  ['light', lightLook],
  ['dark', darkLook],
])('colours of charts in the %s scheme', (_name, look: Look) => {
  test('whatever carries data has a contrast of 3:1 to the card (WCAG 1.4.11)', () => {
    const colours = [...look.palette, ...look.ramp, look.lowers, look.raises, look.noValue, look.muted]
    for (const colour of colours)
      expect({ colour, good: contrast(colour, look.background) >= 3 }).toEqual({ colour, good: true })
  })

  test('text has 4.5:1 (WCAG 1.4.3)', () => {
    expect(contrast(look.text, look.background)).toBeGreaterThanOrEqual(4.5)
  })

  test('no colour is used twice', () => {
    expect(new Set(look.palette).size).toBe(look.palette.length)
    expect(new Set(look.ramp).size).toBe(look.ramp.length)
  })

  test('a learner keeps its colour, one that is not known has the last, and series start anew', () => {
    expect(learnerColour('gradient-boosting', look)).toBe(look.palette[0])
    expect(learnerColour('no-such-learner', look)).toBe(look.palette[6])
    expect(colourAt(look.palette.length, look)).toBe(look.palette[0])
  })
})
