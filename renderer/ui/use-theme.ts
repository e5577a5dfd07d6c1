import { useMantineColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useClient } from '../api/client-context.tsx'

/** Follows the setting: system, light, dark, or high contrast (light, with stronger lines). */
export function useTheme(): void {
  const client = useClient()
  const { setColorScheme } = useMantineColorScheme()
  const settings = useQuery({ queryKey: ['settings'], queryFn: () => client.settings.get() })
  const theme = settings.data?.theme
  useEffect(() => {
    if (!theme) return
    setColorScheme(theme === 'system' ? 'auto' : theme === 'dark' ? 'dark' : 'light')
    document.documentElement.dataset.contrast = theme === 'contrast' ? 'high' : 'normal'
  }, [theme, setColorScheme])
}
