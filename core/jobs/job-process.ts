import { runJobProcess } from './run-job-process.ts'

/** The program of every kind of job; each is loaded into the process of its own jobs only. */
runJobProcess({
  import: () => import('../tables/import-main.ts'),
  automl: () => import('../automl/automl-main.ts'),
  export: () => import('../portable/portable-main.ts'),
  predict: () => import('../services/predict/predict-main.ts'),
  rebuild: () => import('../rebuild/rebuild-main.ts'),
  register: () => import('../explain/register-main.ts'),
})
