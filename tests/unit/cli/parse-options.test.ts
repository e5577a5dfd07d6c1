import { expect, test } from 'vitest'
import type { OptionDefinition } from '../../../cli/option-definition.ts'
import { parseOptions } from '../../../cli/parse-options.ts'
import { fc } from '../../fixtures/properties.ts'

const definitions: readonly OptionDefinition[] = [
  { name: 'target', value: 'COLUMN', required: true, summary: '' },
  { name: 'budget', value: 'SECONDS', summary: '' },
  { name: 'type', value: 'C=T', repeatable: true, summary: '' },
  { name: 'task', value: 'TASK', choices: ['auto', 'binary'], summary: '' },
  { name: 'detach', summary: '' },
]
const parse = (...args: string[]) => parseOptions(args, definitions, 'the help')

test('words and flags may stand in any order', () => {
  const { words, options } = parse(
    'a.csv',
    '--target',
    'y',
    '--detach',
    'b',
    '--type',
    'x=number',
    '--type=z=id',
    '--json',
  )
  expect(words).toEqual(['a.csv', 'b'])
  expect(options.required('target')).toBe('y')
  expect([options.flag('detach'), options.flag('json'), options.flag('help')]).toEqual([true, true, false])
  expect(options.list('type')).toEqual(['x=number', 'z=id'])
})

test('numbers are numbers, negative ones too', () => {
  expect(parse('--target', 'y', '--budget', '-1.5').options.number('budget')).toBe(-1.5)
  expect(parse('--target', 'y').options.number('budget')).toBeUndefined()
  expect(() => parse('--target', 'y', '--budget', '').options.number('budget')).toThrow(/takes a number/)
  expect(() => parse('--target', 'y', '--budget', '1.5').options.integer('budget')).toThrow(/whole number/)
})

test('lists are cut at commas', () => {
  expect(parse('--target', 'a, b,,c').options.list('target')).toEqual(['a', 'b', 'c'])
})

test.each([
  [['--nothing', '--target', 'y'], /nothing/],
  [[], /--target COLUMN is missing/],
  [['--target'], /target/],
  [['--target', 'y', '--task', 'guess'], /cannot be "guess"/],
])('%j is refused as wrong usage', (args, message) => {
  expect(() => parse(...args)).toThrow(
    expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringMatching(message) }),
  )
})

test('help is given even when something needed is missing', () => {
  expect(parse('--help').options.flag('help')).toBe(true)
})

test('whatever is written, it is parsed or refused with a code, never a crash', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom('--target', '--budget', '--', '-1', '--json', '--type='))),
      (args) => {
        try {
          parse(...args)
        } catch (error) {
          expect(error).toMatchObject({ code: 'INPUT_INVALID' })
        }
      },
    ),
  )
})
