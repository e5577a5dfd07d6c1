import { isAllowed, permissions, roles } from '../shared/domain/permissions.ts'

/** The matrix of permissions as Markdown, from the one table that is enforced. */
export function permissionTable(): string {
  const rows = (Object.keys(permissions) as (keyof typeof permissions)[]).map(
    (permission) => `| ${permission} | ${roles.map((role) => (isAllowed(role, permission) ? '✓' : '')).join(' | ')} |`,
  )
  return `# Who may do what

Written by \`node scripts/write-permissions.ts\` from \`shared/domain/permissions.ts\`; what is not listed is denied.

| permission | ${roles.join(' | ')} |
|---|${roles.map(() => ':-:').join('|')}|
${rows.join('\n')}
`
}
