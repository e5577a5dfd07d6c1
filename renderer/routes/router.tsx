import { createHashHistory, createRootRouteWithContext, createRoute, createRouter } from '@tanstack/react-router'
import { ApprovalsPage } from '../features/approvals/approvals-page.tsx'
import { ReviewPage } from '../features/approvals/review-page.tsx'
import { AuditPage } from '../features/audit/audit-page.tsx'
import { AutomlPage } from '../features/automl/automl-page.tsx'
import { AutomlSetupPage } from '../features/automl/automl-setup-page.tsx'
import { DataPage } from '../features/data/data-page.tsx'
import { DatasetPage } from '../features/data/dataset-page.tsx'
import { ComparePage } from '../features/experiments/compare-page.tsx'
import { ExperimentsPage } from '../features/experiments/experiments-page.tsx'
import { RunPage } from '../features/experiments/run-page.tsx'
import { RunsPage } from '../features/experiments/runs-page.tsx'
import { HomePage } from '../features/home/home-page.tsx'
import { AllVersionsPage } from '../features/models/all-versions-page.tsx'
import { CompareVersionsPage } from '../features/models/compare-versions-page.tsx'
import { ModelPage } from '../features/models/model-page.tsx'
import { ModelsPage } from '../features/models/models-page.tsx'
import { VersionPage } from '../features/models/version-page.tsx'
import { OpenPage } from '../features/open/open-page.tsx'
import { routeOfOpening } from '../features/open/open-request.ts'
import { PeoplePage } from '../features/people/people-page.tsx'
import { PolicyPage } from '../features/policy/policy-page.tsx'
import { PredictPage } from '../features/predict/predict-page.tsx'
import { DoctorPage } from '../features/settings/doctor-page.tsx'
import { NotificationsPage } from '../features/settings/notifications-page.tsx'
import { SettingsPage } from '../features/settings/settings-page.tsx'
import { TrashPage } from '../features/settings/trash-page.tsx'
import { AppFrame } from '../ui/app-frame.tsx'
import { EmptyState } from '../ui/states.tsx'

const root = createRootRouteWithContext<{ gone: boolean }>()({
  component: AppFrame,
  notFoundComponent: () => (
    <EmptyState title="There is no such page">It may have been deleted. Search with Ctrl/Cmd+K.</EmptyState>
  ),
})
const parent = () => root
const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined

const routes = [
  createRoute({ getParentRoute: parent, path: '/', component: HomePage }),
  createRoute({ getParentRoute: parent, path: '/data', component: DataPage }),
  createRoute({ getParentRoute: parent, path: '/data/$name', component: DatasetPage }),
  createRoute({
    getParentRoute: parent,
    path: '/automl',
    component: AutomlSetupPage,
    validateSearch: (search: Record<string, unknown>) => ({
      dataset: text(search.dataset),
      target: text(search.target),
    }),
  }),
  createRoute({ getParentRoute: parent, path: '/automl/$id', component: AutomlPage }),
  createRoute({ getParentRoute: parent, path: '/experiments', component: ExperimentsPage }),
  createRoute({ getParentRoute: parent, path: '/experiments/$id', component: RunsPage }),
  createRoute({ getParentRoute: parent, path: '/runs/$id', component: RunPage }),
  createRoute({
    getParentRoute: parent,
    path: '/compare',
    component: ComparePage,
    validateSearch: (search: Record<string, unknown>) => ({ ids: text(search.ids) ?? '' }),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/compare-versions',
    component: CompareVersionsPage,
    validateSearch: (search: Record<string, unknown>) => ({ a: text(search.a) ?? '', b: text(search.b) ?? '' }),
  }),
  createRoute({ getParentRoute: parent, path: '/approvals', component: ApprovalsPage }),
  createRoute({ getParentRoute: parent, path: '/approvals/$id', component: ReviewPage }),
  createRoute({ getParentRoute: parent, path: '/models', component: ModelsPage }),
  createRoute({ getParentRoute: parent, path: '/model-versions', component: AllVersionsPage }),
  createRoute({ getParentRoute: parent, path: '/models/$name', component: ModelPage }),
  createRoute({ getParentRoute: parent, path: '/models/$name/$version', component: VersionPage }),
  createRoute({
    getParentRoute: parent,
    path: '/predict',
    component: PredictPage,
    validateSearch: (search: Record<string, unknown>) => ({ model: text(search.model) }),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/open',
    component: OpenPage,
    validateSearch: (search: Record<string, unknown>) => ({ file: text(search.file), link: text(search.link) }),
  }),
  createRoute({ getParentRoute: parent, path: '/trash', component: TrashPage }),
  createRoute({ getParentRoute: parent, path: '/policy', component: PolicyPage }),
  createRoute({ getParentRoute: parent, path: '/audit', component: AuditPage }),
  createRoute({ getParentRoute: parent, path: '/people', component: PeoplePage }),
  createRoute({ getParentRoute: parent, path: '/doctor', component: DoctorPage }),
  createRoute({ getParentRoute: parent, path: '/settings', component: SettingsPage }),
  createRoute({ getParentRoute: parent, path: '/settings/notifications', component: NotificationsPage }),
]

// Before the router looks at the address: the shell asks for a file or link by a path of its own.
const opening = routeOfOpening(location)
if (opening !== null) history.replaceState(null, '', opening)

/** Addresses after the #, so that they work in the window's own scheme and under any host. */
export const router = createRouter({
  routeTree: root.addChildren(routes),
  history: createHashHistory(),
  context: { gone: false },
})
