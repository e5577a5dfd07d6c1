import { useMantineColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useClient } from '../api/client-context.tsx'

/** Height of a row of a table, in pixels, as dense as was chosen; the style sheet has the same numbers. */
export function useRowHeight(): number {
  const client = useClient()
  const settings = useQuery({ queryKey: ['settings'], queryFn: () => client.settings.get() })
  return settings.data?.density === 'comfortable' ? 40 : 32
}

/** Follows the setting: system, light, dark, or high contrast (light, with stronger lines). */
export function useTheme(): void {
  const client = useClient()
  const { setColorScheme } = useMantineColorScheme()
  const settings = useQuery({ queryKey: ['settings'], queryFn: () => client.settings.get() })
  const theme = settings.data?.theme
  const density = settings.data?.density
  useEffect(() => {
    if (!theme) return
    setColorScheme(theme === 'system' ? 'auto' : theme === 'dark' ? 'dark' : 'light')
    document.documentElement.dataset.contrast = theme === 'contrast' ? 'high' : 'normal'
  }, [theme, setColorScheme])
  useEffect(() => {
    document.documentElement.dataset.density = density ?? 'compact'
  }, [density])
}
