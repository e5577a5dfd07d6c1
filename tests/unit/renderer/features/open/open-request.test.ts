import { describe, expect, test } from 'vitest'
import { openRequestPath } from '../../../../../electron/open-requests.ts'
import { readOpenRequest, routeOfOpening } from '../../../../../renderer/features/open/open-request.ts'

describe('what the system asks to open', () => {
  test('files by their ending', () => {
    expect(readOpenRequest({ file: '/home/ann/a b.CSV' })).toEqual({ kind: 'table', path: '/home/ann/a b.CSV' })
    expect(readOpenRequest({ file: 'C:\\data\\churn.onnx' })).toEqual({ kind: 'model', path: 'C:\\data\\churn.onnx' })
    expect(readOpenRequest({ file: '/tmp/x.maestro' })).toEqual({ kind: 'package', path: '/tmp/x.maestro' })
    expect(readOpenRequest({ file: '/tmp/x.exe' })).toEqual({ kind: 'unknown', asked: '/tmp/x.exe' })
  })

  test('links lead to pages, with signs that addresses do not take as they are', () => {
    expect(readOpenRequest({ link: 'maestro://models/churn/3' })).toEqual({ kind: 'page', to: '/models/churn/3' })
    expect(readOpenRequest({ link: 'maestro:///data/a%23b' })).toEqual({ kind: 'page', to: '/data/a%23b' })
    expect(readOpenRequest({ link: 'maestro://data/50%' })).toEqual({ kind: 'page', to: '/data/50%25' })
  })

  test.each([
    'maestro://settings',
    'maestro://',
    'maestro://data/../settings',
    'https://data/x',
    'maestro://trash/purge',
  ])('%s leads nowhere', (link) => {
    expect(readOpenRequest({ link })).toEqual({ kind: 'unknown', asked: link })
  })

  test('nothing asked is nothing to open', () => {
    expect(readOpenRequest({})).toEqual({ kind: 'unknown', asked: '' })
  })
})

test('the address that the shell loads becomes the route of the page', () => {
  const path = openRequestPath(['/data/wine & co.csv'])
  const { pathname, search } = new URL(path ?? '', 'maestro-app://window')
  const route = routeOfOpening({ pathname, search })
  expect(route).toMatch(/^\/#\/open\?/)
  const file = new URLSearchParams(route?.slice(route.indexOf('?'))).get('file') ?? undefined
  expect(readOpenRequest({ file })).toEqual({ kind: 'table', path: '/data/wine & co.csv' })
  expect(routeOfOpening({ pathname: '/index.html', search: '' })).toBeNull()
})
