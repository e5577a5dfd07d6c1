import { Anchor, Blockquote, Code, Divider, List, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { createElement, Fragment, useMemo } from 'react'
import type { MarkdownBlock, Run } from '../../shared/markdown/markdown-tree.ts'
import { parseMarkdown } from '../../shared/markdown/parse-markdown.ts'

/** What people wrote in Markdown, drawn from its tree: no HTML of theirs ever reaches the page. */
export function Markdown({ text }: { readonly text: string }) {
  const blocks = useMemo(() => parseMarkdown(text), [text])
  return <Blocks blocks={blocks} />
}

/** Elements in a fixed order: a text is drawn anew whenever it changes, so they need no keys. */
function inOrder(elements: readonly ReactNode[]): ReactNode {
  return createElement(Fragment, null, ...elements)
}

function Blocks({ blocks }: { readonly blocks: readonly MarkdownBlock[] }) {
  return inOrder(blocks.map((block) => createElement(Block, { block })))
}

function Block({ block }: { readonly block: MarkdownBlock }) {
  switch (block.kind) {
    case 'paragraph':
      return (
        <Text my={4}>
          <Runs runs={block.runs} />
        </Text>
      )
    case 'heading':
      return (
        <Text component="h4" fw={600} mt="sm" mb={4}>
          <Runs runs={block.runs} />
        </Text>
      )
    case 'list':
      return (
        <List type={block.ordered ? 'ordered' : 'unordered'} my={6} withPadding>
          {inOrder(block.items.map((item) => createElement(List.Item, null, createElement(Blocks, { blocks: item }))))}
        </List>
      )
    case 'quote':
      return (
        <Blockquote my={6} p="xs">
          <Blocks blocks={block.blocks} />
        </Blockquote>
      )
    case 'code':
      return (
        <Code block my={6}>
          {block.text}
        </Code>
      )
    case 'rule':
      return <Divider my="sm" />
  }
}

function Runs({ runs }: { readonly runs: readonly Run[] }) {
  return inOrder(runs.map((run) => createElement(OneRun, { run })))
}

function OneRun({ run: { text, bold, italic, code, href } }: { readonly run: Run }) {
  const words = code ? <Code>{text}</Code> : <span className="kept-lines">{text}</span>
  const emphasised = italic ? <em>{words}</em> : words
  const strong = bold ? <strong>{emphasised}</strong> : emphasised
  return href === undefined ? (
    strong
  ) : (
    <Anchor href={href} target="_blank" rel="noopener noreferrer">
      {strong}
    </Anchor>
  )
}
