/** Roles from least to most. */
export const roles = ['viewer', 'engineer', 'reviewer', 'approver', 'admin', 'superadmin'] as const
export type Role = (typeof roles)[number]

/** What a procedure may need. The matrix below says who has it; what is not listed is denied. */
export const permissions = {
  'workspace:read': ['viewer', 'engineer', 'reviewer', 'approver', 'admin', 'superadmin'],
  'workspace:manage': ['admin', 'superadmin'],
  'settings:write': ['viewer', 'engineer', 'reviewer', 'approver', 'admin', 'superadmin'],
  'datasets:read': ['viewer', 'engineer', 'reviewer', 'approver', 'admin', 'superadmin'],
  'datasets:write': ['engineer', 'admin', 'superadmin'],
  'jobs:read': ['viewer', 'engineer', 'reviewer', 'approver', 'admin', 'superadmin'],
  'jobs:control': ['engineer', 'admin', 'superadmin'],
  'automl:run': ['engineer', 'admin', 'superadmin'],
  'runs:read': ['viewer', 'engineer', 'reviewer', 'approver', 'admin', 'superadmin'],
  'runs:write': ['engineer', 'admin', 'superadmin'],
  'models:read': ['viewer', 'engineer', 'reviewer', 'approver', 'admin', 'superadmin'],
  'models:write': ['engineer', 'admin', 'superadmin'],
  'models:predict': ['viewer', 'engineer', 'reviewer', 'approver', 'admin', 'superadmin'],
  // It changes nothing, but takes the machine; whoever judges a model may do it.
  'models:rebuild': ['engineer', 'reviewer', 'approver', 'admin', 'superadmin'],
  'models:explain': ['viewer', 'engineer', 'reviewer', 'approver', 'admin', 'superadmin'],
  'identities:read': ['viewer', 'engineer', 'reviewer', 'approver', 'admin', 'superadmin'],
  'identities:manage': ['admin', 'superadmin'],
  'keys:use': ['viewer', 'engineer', 'reviewer', 'approver', 'admin', 'superadmin'],
  'audit:read': ['viewer', 'engineer', 'reviewer', 'approver', 'admin', 'superadmin'],
  'audit:manage': ['admin', 'superadmin'],
  'approvals:read': ['viewer', 'engineer', 'reviewer', 'approver', 'admin', 'superadmin'],
  'approvals:comment': ['engineer', 'reviewer', 'approver', 'admin', 'superadmin'],
  'approvals:submit': ['engineer', 'admin', 'superadmin'],
  'approvals:review': ['reviewer', 'approver', 'admin', 'superadmin'],
  /** To sign. Whose signature counts is for the policy to say. */
  'approvals:decide': ['reviewer', 'approver', 'admin', 'superadmin'],
  'deployments:write': ['engineer', 'admin', 'superadmin'],
  'policy:write': ['admin', 'superadmin'],
  /** One's own. */
  'notifications:read': ['viewer', 'engineer', 'reviewer', 'approver', 'admin', 'superadmin'],
  /** What may leave the machine, and what has. */
  'egress:read': ['viewer', 'engineer', 'reviewer', 'approver', 'admin', 'superadmin'],
  'egress:manage': ['admin', 'superadmin'],
  'backups:manage': ['admin', 'superadmin'],
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof permissions

/** Default deny: true only where the table says so. */
export function isAllowed(role: Role, permission: Permission): boolean {
  return (permissions[permission] as readonly Role[]).includes(role)
}
