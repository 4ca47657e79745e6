import type { Scalar } from '#contract/instance.ts';
import { isReservedName, isStorable, quote } from '#server/text.ts';

export const metricsLimit = 200;
const nameLimit = 200;
const valueLimit = 1000;

/** What is wrong with a set of custom metrics, by name; null: nothing, and every value is a scalar. */
export function findMetricProblem(
  metrics: Record<string, unknown>,
): { metric: string | null; message: string } | null {
  const entries = Object.entries(metrics);
  if (entries.length > metricsLimit) {
    return { metric: null, message: `at most ${metricsLimit} metrics are taken` };
  }
  for (const [name, value] of entries) {
    const message = findProblem(name, value);
    if (message) return { metric: name, message };
  }
  return null;
}

function findProblem(name: string, value: unknown): string | null {
  if (name === '' || name.length > nameLimit || !isStorable(name) || isReservedName(name)) {
    return 'this name cannot be taken';
  }
  if (typeof value === 'string') {
    if (value.length > valueLimit) return `the value is longer than ${valueLimit} characters`;
    return isStorable(value) ? null : 'the value holds characters that cannot be stored';
  }
  if (typeof value === 'number') return Number.isFinite(value) ? null : 'the number is too large';
  if (typeof value === 'boolean' || value === null) return null;
  return 'the value must be text, a number, true, false or null; nested values are not taken';
}

/** The same, as one sentence for the sender. */
export function describeMetricProblem(metrics: Record<string, unknown>): string | null {
  const problem = findMetricProblem(metrics);
  if (!problem) return null;
  const where = problem.metric === null ? 'data' : `data[${quote(problem.metric)}]`;
  return `${where}: ${problem.message}.`;
}

export type Metrics = Record<string, Scalar>;
