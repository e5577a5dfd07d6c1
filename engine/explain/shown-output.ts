import type { Pipeline, Predictions } from '../pipeline/pipeline.ts'

/** How many curves a pipeline's predictions make: one a class, but one only for two classes (the positive) and numbers. */
export function shownOutputs(pipeline: Pipeline): number {
  return pipeline.task === 'multiclass' ? pipeline.classes.length : 1
}

/** Prediction i on curve k: a probability, or the number of a regression. */
export function shownValue(pipeline: Pipeline, predictions: Predictions, i: number, k: number): number {
  const width = pipeline.task === 'regression' ? 1 : predictions.nClasses
  return predictions.values[i * width + (pipeline.task === 'binary' ? 1 : k)] as number
}
