import { describe, expect, it } from 'vitest'
import { closestName } from '../../../../core/automl/closest-name.ts'

const names = ['PassengerId', 'survived', 'pclass', 'fare', 'home.dest']

describe('closestName', () => {
  it.each([
    ['Survived', 'survived'],
    ['survivd', 'survived'],
    [' fare ', 'fare'],
    ['passenger', 'PassengerId'],
    ['class', 'pclass'],
    ['destination', null],
    ['x', null],
    ['', null],
  ])('for %o is %o', (wanted, expected) => {
    expect(closestName(wanted, names)).toBe(expected)
  })
})
