import { describe, expect, test } from 'vitest'
import { findDialect } from '../../../../../core/tables/delimited/find-dialect.ts'

const find = (text: string, reading = {}) => findDialect(new TextEncoder().encode(text), true, reading)

describe('delimiter', () => {
  test.each([
    [',', 'a,b\n1,2\n'],
    [';', 'a;b\n1,5;2,5\n3,5;4,5\n'],
    ['\t', 'a\tb\nx, y\tz\n'],
    ['|', 'a|b\n1|2\n'],
    [',', 'name,note\n"x; y; z",1\nb,"p;q"\n'],
    [',', 'city\n'],
    ['\t', 'note\nhello, world\nno comma\n'],
  ])('%j', (delimiter, text) => expect(find(text).delimiter).toBe(delimiter))

  test('of a row that is split more often than the others', () => {
    expect(find('a;b;c\n1;2;3\n4;5;6\nx;y;z,,,,\n')).toMatchObject({ delimiter: ';', nColumns: 3 })
  })
  test('the user’s is taken as it is', () => {
    expect(find('a::b\n1::2\n', { delimiter: '::' })).toMatchObject({ nColumns: 2, names: ['a', 'b'] })
  })
})

describe('header', () => {
  test('a first row with a number is none', () => {
    expect(find('1,a\n2,b\n')).toMatchObject({ header: false, names: [], nColumns: 2, dataAt: 0 })
  })
  test('the user decides', () => {
    expect(find('x,a\ny,b\n', { header: false })).toMatchObject({ header: false, dataAt: 0 })
    expect(find('1,2\n3,4\n', { header: true })).toMatchObject({ names: ['1', '2'], dataAt: 4 })
  })
  test('lines of explanation before it are passed over', () => {
    expect(find('Report of 2024\n\nx,y,z\n1,2,3\n4,5,6\n')).toMatchObject({
      names: ['x', 'y', 'z'],
      skippedLines: 2,
      dataLine: 3,
    })
  })
  test('R leaves the name of the row names out', () => {
    expect(find('"a","b"\n"1",2,3\n"2",4,5\n')).toMatchObject({ names: ['', 'a', 'b'], nColumns: 3 })
  })
  test('may hold quoted line ends', () => {
    expect(find('"a\nb",c\n1,2\n')).toMatchObject({ names: ['a\nb', 'c'], dataLine: 2 })
  })
})

test('single quotes count where cells start and end with them', () => {
  expect(find("a,b\n'x, y',1\n'z',2\n").quote).toBe("'")
  expect(find("a,b\n'tis,1\nz,2\n").quote).toBe('"')
  expect(find("'a','b'\n'x',1\n'z',2\n").quote).toBe("'")
})

test('single quotes that hold nothing together are part of the values', () => {
  expect(find("a,class\n1,'-1'\n2,'1'\n").quote).toBe('"')
})

test('nothing but blank lines is an empty table', () => {
  expect(() => find('\n\n  \n')).toThrow(expect.objectContaining({ code: 'DATASET_EMPTY' }))
})
