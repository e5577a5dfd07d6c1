import { writeFileSync } from 'node:fs'
import { permissionTable } from './permission-table.ts'

writeFileSync(new URL('../docs/permissions.md', import.meta.url), permissionTable())
