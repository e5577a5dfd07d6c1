import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { OnnxTensor } from '../../../engine/onnx/reader/onnx-model.ts'
import { elementCount, tensorBytes } from './check-tensor.ts'

/** Why the elements of a tensor cannot be had from the file that it names; the message is for a person. */
export class ExternalDataError extends Error {
  override readonly name = 'ExternalDataError'
}

/**
 * Reads a tensor's elements from a file of the model's own folder. Nothing else is ever opened: no path upwards, no
 * absolute path, no link (symbolic ones, folders included; hard ones by their count), no device. Throws ExternalDataError.
 */
export function readExternalData(folder: string, tensor: OnnxTensor): Uint8Array {
  const location = checkedLocation(tensor.external?.get('location') ?? '')
  const expected = tensorBytes(tensor.elementType, elementCount(tensor) ?? 0)
  const offset = wholeNumber(tensor.external?.get('offset'), 'offset') ?? 0
  const length = wholeNumber(tensor.external?.get('length'), 'length') ?? expected
  if (length !== expected) {
    throw new ExternalDataError(`It takes ${length} bytes of ${location}, but its shape says ${expected}.`)
  }
  const file = openInside(folder, location)
  try {
    const state = fstatSync(file)
    if (!state.isFile()) throw new ExternalDataError(`${location} is not a file.`)
    if (state.nlink > 1) throw new ExternalDataError(`${location} is a link to a file that may lie elsewhere; copy it.`)
    if (offset + length > state.size) {
      throw new ExternalDataError(
        `It takes bytes ${offset} to ${offset + length} of ${location}, which has ${state.size}.`,
      )
    }
    return readAll(file, offset, length, location)
  } finally {
    closeSync(file)
  }
}

function readAll(file: number, offset: number, length: number, location: string): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let done = 0; done < length; ) {
    const read = readSync(file, bytes, done, Math.min(length - done, 2 ** 30), offset + done)
    if (read === 0) throw new ExternalDataError(`${location} became shorter while it was read.`)
    done += read
  }
  return bytes
}

function wholeNumber(text: string | undefined, what: string): number | null {
  if (text === undefined || text === '') return null
  if (!/^\d{1,15}$/.test(text)) throw new ExternalDataError(`The ${what} of its data is no whole number.`)
  return Number(text)
}

/** Plain names with single slashes between them. */
function checkedLocation(location: string): string {
  const parts = location.split('/')
  const plain = parts.every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\:*?"<>|\p{Cc}]/u.test(part))
  if (location === '') throw new ExternalDataError('It does not say in which file its data is.')
  if (plain && location.length <= 1_000) return location
  throw new ExternalDataError('Its data would be read from outside the model’s folder.')
}

function openInside(folder: string, location: string): number {
  const parts = location.split('/')
  let path = folder
  for (const [index, part] of parts.entries()) {
    path = join(path, part)
    const state = lstatSync(path, { throwIfNoEntry: false })
    if (state === undefined)
      throw new ExternalDataError(`The file ${location}, which belongs to the model, is not there.`)
    if (state.isSymbolicLink()) throw new ExternalDataError(`${location} is a symbolic link; copy the file itself.`)
    const wanted = index === parts.length - 1 ? state.isFile() : state.isDirectory()
    if (!wanted) throw new ExternalDataError(`${location} is not a file of the model’s folder.`)
  }
  try {
    // Between the look and the opening the file may have become a link; Windows has no such flags (undefined counts as 0).
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    throw new ExternalDataError(`The file ${location}, which belongs to the model, cannot be read.`)
  }
}
