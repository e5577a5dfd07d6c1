import { Drawer } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react'
import { useState } from 'react'
import { readRemembered, remember } from './remembered.ts'

interface WithInspectorProps {
  /** Remembers the width under this name. */
  readonly name: string
  /** What is inspected, for the sheet's title. */
  readonly title: string
  readonly children: ReactNode
  readonly inspector: ReactNode
  /** On a narrow window: whether the sheet is open, and how it is closed. */
  readonly opened: boolean
  readonly onClose: () => void
}

const least = 280
const most = 900
/** Pixels a key press moves the border by. */
const keyStep = 24

/** A list with the chosen thing beside it, as wide as one likes; in a narrow window the thing is a sheet above the list. */
export function WithInspector({ name, title, children, inspector, opened, onClose }: WithInspectorProps) {
  const isNarrow = useMediaQuery('(max-width: 900px)')
  const [width, setWidth] = useState(() => clamp(readRemembered(`inspector:${name}`)))
  const resize = (next: number) => {
    setWidth(clamp(next))
    remember(`inspector:${name}`, clamp(next))
  }
  if (isNarrow) {
    return (
      <>
        {children}
        <Drawer
          opened={opened}
          onClose={onClose}
          position="right"
          size="md"
          title={title}
          closeButtonProps={{ 'aria-label': `Close ${title}` }}
        >
          {inspector}
        </Drawer>
      </>
    )
  }
  const drag = (event: PointerEvent<HTMLElement>) => {
    const startX = event.clientX
    const border = event.currentTarget
    border.setPointerCapture(event.pointerId)
    const move = (to: globalThis.PointerEvent) => resize(width + startX - to.clientX)
    border.addEventListener('pointermove', move)
    border.addEventListener('pointerup', () => border.removeEventListener('pointermove', move), { once: true })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') resize(width + keyStep)
    else if (event.key === 'ArrowRight') resize(width - keyStep)
    else return
    event.preventDefault()
  }
  return (
    <div className="with-inspector">
      <div className="inspected">{children}</div>
      {/* biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved; this border can */}
      <div
        className="inspector-border"
        role="separator"
        aria-orientation="vertical"
        aria-label={`Width of ${title}`}
        aria-valuemin={least}
        aria-valuemax={most}
        aria-valuenow={width}
        tabIndex={0}
        onPointerDown={drag}
        onKeyDown={onKeyDown}
      />
      <aside aria-label={title} style={{ width }} className="inspector">
        {inspector}
      </aside>
    </div>
  )
}

function clamp(width: unknown): number {
  return typeof width === 'number' && Number.isFinite(width) ? Math.max(least, Math.min(most, Math.round(width))) : 460
}
