import type { z } from 'zod';
import { quote } from './text.ts';

type Issue = z.core.$ZodIssue;

/** A fault of an input: where it is and what is wrong with it. */
export interface Fault {
  path: PropertyKey[];
  message: string;
}

/** The first fault as one sentence, and how many more there are. */
export function describeIssues(issues: Issue[]): string {
  const [first, ...rest] = issues;
  if (!first) return 'The input cannot be read.';
  const path = describePath(first.path);
  const more = rest.length > 0 ? ` (and ${rest.length} more)` : '';
  return `${path ? `${path}: ` : ''}${describeIssue(first)}${more}.`;
}

/** What is wrong, in the words of whoever wrote the input. The schema must be read with `reportInput: true`. */
export function describeIssue(issue: Issue): string {
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.slice(0, 5).map(quote).join(', ');
    return `unknown field${issue.keys.length > 1 ? 's' : ''} ${keys}`;
  }
  if (issue.code === 'invalid_type') return describeType(issue.expected, issue.input);
  if (issue.code === 'invalid_value') {
    if (issue.input === undefined) return 'is missing';
    return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
  }
  if (issue.code === 'too_big') return describeLimit(issue.origin, `at most ${issue.maximum}`);
  if (issue.code === 'too_small') {
    if (issue.origin === 'string' && Number(issue.minimum) === 1) return 'must not be empty';
    return describeLimit(issue.origin, `at least ${issue.minimum}`);
  }
  // A name that no entry may have: what is wrong with it.
  if (issue.code === 'invalid_key' && issue.issues[0]) return describeIssue(issue.issues[0]);
  return issue.message.replace(/\.$/, '');
}

/** `[3].metrics.users`, as a reader would write it. */
export function describePath(path: PropertyKey[]): string {
  return path
    .map((step) => {
      if (typeof step === 'number') return `[${step}]`;
      const name = String(step);
      return /^[A-Za-z_][\w-]*$/.test(name) && name.length <= 60 ? `.${name}` : `[${quote(name)}]`;
    })
    .join('')
    .replace(/^\./, '');
}

const types: Record<string, string> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function describeType(expected: string, input: unknown): string {
  if (input === undefined) return 'is missing';
  const isBareScalar = typeof input === 'number' || typeof input === 'boolean';
  const hint = expected === 'string' && isBareScalar ? '; put it in quotes' : '';
  return `must be ${types[expected] ?? expected}${hint}`;
}

function describeLimit(origin: string, limit: string): string {
  if (origin === 'string') return `must be ${limit} characters long`;
  return origin === 'array' ? `must hold ${limit} items` : `must be ${limit}`;
}
