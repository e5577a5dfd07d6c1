import { describe, expect, test } from 'vitest'
import {
  formatBytes,
  formatEstimate,
  formatNumber,
  formatPlain,
  formatRelative,
  formatSeconds,
} from '../../../../renderer/ui/number-format.ts'

describe('numbers', () => {
  test.each([
    [0.871, '0.8710'],
    [0.87123, '0.8712'],
    [12.5, '12.50'],
    [999.96, '1,000'],
    [48_842.5, '48,843'],
    [-0.5, '-0.5000'],
    [0, '0'],
    [7, '7'],
    [1_234_567, '1,234,567'],
    [0.00001234, '1.234e-5'],
    [1.5e12 + 0.5, '1.500e+12'],
    [Number.NaN, '–'],
    [Number.POSITIVE_INFINITY, '∞'],
    [Number.NEGATIVE_INFINITY, '-∞'],
  ])('%d is written %s', (value, text) => {
    expect(formatNumber(value)).toBe(text)
  })

  test('what was set is written without zeros at its end', () => {
    expect(formatPlain(0.1)).toBe('0.1')
    expect(formatPlain(0.87123)).toBe('0.8712')
  })
})

describe('estimates', () => {
  test('value and interval have the same decimals', () => {
    expect(formatEstimate({ value: 0.871, low: 0.8421, high: 0.9 })).toEqual({
      value: '0.8710',
      low: '0.8421',
      high: '0.9000',
    })
  })

  test('a perfect score stands with four decimals beside one that is not', () => {
    expect(formatEstimate({ value: 1, low: 0.9987, high: 1 })).toEqual({
      value: '1.0000',
      low: '0.9987',
      high: '1.0000',
    })
  })

  test('large values have no more decimals than four digits need', () => {
    expect(formatEstimate({ value: 543.21, low: 99.5, high: 1200.4 })).toEqual({
      value: '543',
      low: '100',
      high: '1,200',
    })
    expect(formatEstimate({ value: 0, low: 0, high: 0 }).value).toBe('0')
  })
})

describe('bytes', () => {
  test.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.00 KiB'],
    [1010 * 1024, '1010 KiB'],
    [1023.9 * 1024, '1.00 MiB'],
    [12.34 * 1024 ** 2, '12.3 MiB'],
    [9.999 * 1024, '10.0 KiB'],
    [99.96 * 1024, '100 KiB'],
    [5 * 1024 ** 5, '5120 TiB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })
})

describe('time spans', () => {
  test.each([
    [0, '0 ms'],
    [0.25, '250 ms'],
    [0.9996, '1.00 s'],
    [12.34, '12.3 s'],
    [89.96, '1 min 30 s'],
    [119.7, '2 min 0 s'],
    [125, '2 min 5 s'],
    [5_399.6, '1 h 30 min'],
    [7_199, '2 h 0 min'],
    [11_400, '3 h 10 min'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text)
  })
})

test('how long ago is told in the largest unit that fits', () => {
  const now = Date.parse('2026-03-02T12:00:00Z')
  expect(formatRelative('2026-03-02T11:59:30Z', now)).toBe('just now')
  expect(formatRelative('2026-03-02T11:55:00Z', now)).toBe('5 minutes ago')
  expect(formatRelative('2026-03-02T09:00:00Z', now)).toBe('3 hours ago')
  expect(formatRelative('2026-03-01T12:00:00Z', now)).toBe('yesterday')
})
