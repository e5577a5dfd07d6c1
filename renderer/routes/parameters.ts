import { useParams, useSearch } from '@tanstack/react-router'

/** What an address may carry in its path; a page reads the parts that its own route has. */
interface PathParameters {
  readonly id: string
  readonly name: string
  readonly version: string
}

/** Parts of the path, as texts; those that the route does not have are empty. */
export function usePathParameters(): PathParameters {
  const { id = '', name = '', version = '' }: Partial<PathParameters> = useParams({ strict: false })
  return { id, name, version }
}

/** What may stand after the question mark. */
interface SearchParameters {
  readonly dataset?: string | undefined
  readonly target?: string | undefined
  readonly model?: string | undefined
  readonly ids?: string | undefined
  readonly a?: string | undefined
  readonly b?: string | undefined
  readonly file?: string | undefined
  readonly link?: string | undefined
}

export function useSearchParameters(): SearchParameters {
  return useSearch({ strict: false })
}
