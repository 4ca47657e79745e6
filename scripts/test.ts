// Runs the tests: one process per file, three at a time. Arguments narrow it to the files whose path contains one of them;
// --long runs the long ones instead. The last line is `N passed, N failed`, with `, N skipped` if any were.
import { relative } from 'node:path';
import { parse } from 'uvu/parse';
import { judge, type Verdict } from './test/judge.ts';
import { killRunning, runFile } from './test/run-file.ts';
import { openWorkplace } from './test/workplace.ts';

/**
 * Two take the longest files first, the third comes from the other end: three at once keep two cores busy, and there the
 * third file mostly waits, so that two browsers at most compete for them.
 */
const ends = ['shift', 'shift', 'pop'] as const;
const limits = { usual: 90_000, browser: 150_000, long: 30 * 60_000 };

const words = process.argv.slice(2);
const long = words.includes('--long');
const filters = words.filter((word) => !word.startsWith('--'));

/** These take longest, so they come first: at the end nobody waits for one of them alone. */
const isBrowser = (file: string) => file.startsWith('tests/browser/');

async function findFiles(): Promise<string[]> {
  const { suites } = await parse('tests', '\\.test\\.ts$');
  return suites
    .map(({ file }) => relative('.', file).replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.long.test.ts') === long)
    .filter((file) => filters.length === 0 || filters.some((part) => file.includes(part)))
    .sort((a, b) => Number(isBrowser(b)) - Number(isBrowser(a)));
}

function limitOf(file: string): number {
  if (long) return limits.long;
  return isBrowser(file) ? limits.browser : limits.usual;
}

async function runAll(
  files: string[],
  env: Record<string, string>,
  abort: AbortSignal,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const waiting = [...files];
  abort.addEventListener('abort', () => waiting.splice(0));
  const work = async (end: (typeof ends)[number]) => {
    for (let file = waiting[end](); file !== undefined; file = waiting[end]()) {
      const begun = performance.now();
      const ended = await runFile(file, limitOf(file), { ...process.env, ...env });
      if (abort.aborted) return;
      const verdict = judge(ended);
      verdicts.push(verdict);
      report(file, verdict, ended.output, performance.now() - begun);
    }
  };
  await Promise.all(ends.map(work));
  return verdicts;
}

function report(
  file: string,
  { passed, failed, skipped, fault }: Verdict,
  output: string,
  took: number,
) {
  const counts = `${passed} passed${failed ? `, ${failed} failed` : ''}${skipped ? `, ${skipped} skipped` : ''}`;
  console.log(`${failed ? 'FAIL' : 'ok  '} ${file}: ${counts} (${(took / 1000).toFixed(1)} s)`);
  if (failed) console.log(`${output.trimEnd()}\n${fault ? `     ${file}: ${fault}\n` : ''}`);
  else for (const line of output.match(/^(skipped|note): .*$/gm) ?? []) console.log(`     ${line}`);
  if (long && !failed) console.log(output.trimEnd());
}

async function main() {
  const files = await findFiles();
  if (files.length === 0) throw new Error('No test file matches.');
  const workplace = await openWorkplace();
  const interruption = new AbortController();
  const stop = (signal: NodeJS.Signals) => {
    console.error(`Stopped by ${signal}.`);
    interruption.abort();
    killRunning();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const verdicts = await runAll(files, workplace.env, interruption.signal);
  await workplace.close();
  if (interruption.signal.aborted) {
    process.exitCode = 130;
    return;
  }

  const sum = (key: 'passed' | 'failed' | 'skipped') =>
    verdicts.reduce((total, verdict) => total + verdict[key], 0);
  const skipped = sum('skipped');
  console.log(
    `${sum('passed')} passed, ${sum('failed')} failed${skipped ? `, ${skipped} skipped` : ''}`,
  );
  process.exitCode = sum('failed') === 0 ? 0 : 1;
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
