import { createContext, useContext } from 'react'

/** Whether the reader wants plain words: no names of methods, no parameters. */
export const PlainWords = createContext(false)

export const usePlainWords = (): boolean => useContext(PlainWords)
