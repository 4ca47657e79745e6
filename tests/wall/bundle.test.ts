import { strict as assert } from 'node:assert';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type AnyNode, parse } from 'acorn';
import { suite } from 'uvu';

const test = suite('the wall’s bundle on Chromium 87');

const assets = fileURLToPath(new URL('../../dashboard/wall/build/assets/', import.meta.url));
const filesOf = (ending: string) =>
  readdirSync(assets)
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(assets + name, 'utf8'));

/** What older-browsers.ts brings. */
const brought = new Set(['at', 'hasOwn', 'findLast', 'timeout', 'any']);
/** Functions and methods that came after Chromium 87, by their names alone: a name that is ours as well shows up too. */
const newer = [
  'at',
  'any',
  'timeout',
  'findLast',
  'findLastIndex',
  'toSorted',
  'toReversed',
  'toSpliced',
  'hasOwn',
  'groupBy',
  'fromAsync',
  'withResolvers',
  'structuredClone',
  'randomUUID',
  'throwIfAborted',
  'reportError',
  'canParse',
  'checkVisibility',
  'isWellFormed',
  'toWellFormed',
  'union',
  'intersection',
  'difference',
  'isSubsetOf',
  'symmetricDifference',
  'setHTMLUnsafe',
  'startViewTransition',
  'transferToFixedLength',
  'supportedValuesOf',
  'waitAsync',
  'showPopover',
];

function* walk(node: AnyNode): Iterable<AnyNode> {
  yield node;
  for (const value of Object.values(node) as unknown[]) {
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
      const isNode = typeof child === 'object' && child !== null && 'type' in child;
      if (isNode) yield* walk(child as AnyNode);
    }
  }
}

/** Names that are called and not asked for first, as in `x.moveBefore?.()`. */
function calledNames(source: string): Set<string> {
  const names = new Set<string>();
  // All that ES2021 added to the syntax is in Chromium 85.
  for (const node of walk(parse(source, { ecmaVersion: 2021, sourceType: 'module' }))) {
    if (node.type !== 'CallExpression') continue;
    const { callee } = node;
    if (callee.type === 'Identifier') names.add(callee.name);
    if (callee.type !== 'MemberExpression' || node.optional) continue;
    if (callee.property.type === 'Identifier' && !callee.computed) names.add(callee.property.name);
  }
  return names;
}

test('its script is of the syntax that Chromium 87 reads, and calls nothing newer', () => {
  const scripts = filesOf('.js');
  assert.ok(scripts.length > 0);
  for (const source of scripts) {
    const called = calledNames(source);
    assert.ok(called.has('setTimeout'), 'the bundle was read');
    assert.deepEqual(
      newer.filter((name) => called.has(name) && !brought.has(name)),
      [],
    );
  }
});

test('the checks would find what is newer', () => {
  assert.throws(() => calledNames('class A { #x; y = 1; static {} }'), /SyntaxError|Unexpected/);
  assert.throws(() => calledNames('await 1;'), /await|Unexpected/);
  assert.ok(calledNames('structuredClone({})').has('structuredClone'));
  assert.ok(calledNames('list.toSorted()').has('toSorted'));
  for (const [name, sample] of samples) assert.match(sample, newerStyles[name] as RegExp, name);
});

/** What Chromium 87 drops, with the whole rule around it. */
const newerStyles: Record<string, RegExp> = {
  'selector lists and parents': /:(is|where|has|nth-child\([^)]*\bof\b)\(?/,
  ':not() of several': /:not\([^)]*,/,
  'rules of later years':
    /@(container|layer|property|scope|starting-style|view-transition|counter-style)\b/,
  'media ranges': /@media[^{]*[<>]/,
  'sizes of later years': /\d(dvh|dvw|svh|svw|lvh|lvw|dvmin|dvmax|cqw|cqh|cqi|cqb|lh|rlh)\b/,
  'colours of later years': /\b(color-mix|oklch|oklab|lch|lab|hwb|light-dark|color)\(/,
  'properties of later years':
    /[;{\s](aspect-ratio|accent-color|translate|rotate|scale|text-wrap|container|mask|interpolate-size|field-sizing)\s*:/,
  clipping: /overflow(-x|-y)?\s*:\s*clip/,
  nesting: /&/,
};
const samples = [
  ['selector lists and parents', 'a:where(.x){}'],
  [':not() of several', 'a:not(.x,.y){}'],
  ['media ranges', '@media (width>=20px){}'],
  ['sizes of later years', 'a{height:100dvh}'],
  ['colours of later years', 'a{color:oklch(1 2 3)}'],
  ['properties of later years', 'a{aspect-ratio:1}'],
] as const;

test('its styles are those that Chromium 87 knows', () => {
  const styles = filesOf('.css');
  assert.ok(styles.join('').includes('.wall-tile'));
  for (const style of styles)
    for (const [name, pattern] of Object.entries(newerStyles))
      assert.equal(pattern.exec(style)?.[0], undefined, name);
});

test('it is small, and nothing in it comes from elsewhere', () => {
  const size = [...filesOf('.js'), ...filesOf('.css')].reduce(
    (sum, content) => sum + gzipSync(content).length,
    0,
  );
  assert.ok(size < 70_000, `${size} bytes compressed`);
  const page = readFileSync(`${assets}../index.html`, 'utf8');
  assert.ok(!/<script(?![^>]*src=)|<style|style=|https?:/.test(page), page);
  for (const style of filesOf('.css')) assert.ok(!/url\(["']?(https?:|data:)/.test(style));
});

test('what older browsers lack is brought, and is as it should be', async () => {
  const holders: [object, string][] = [
    [Array.prototype, 'at'],
    [String.prototype, 'at'],
    [Array.prototype, 'findLast'],
    [Object, 'hasOwn'],
    [AbortSignal, 'timeout'],
    [AbortSignal, 'any'],
  ];
  const saved = holders.map(([holder, name]) => Object.getOwnPropertyDescriptor(holder, name));
  for (const [holder, name] of holders) Reflect.deleteProperty(holder, name);
  try {
    await import('../../dashboard/wall/src/older-browsers.ts');
    const checks = [
      [1, 2, 3].at(-1) === 3,
      [1, 2, 3].at(0) === 1,
      [1].at(5) === undefined,
      'abc'.at(-2) === 'b',
      [1, 2, 3, 4].findLast((one) => one % 2 === 1) === 3,
      [2].findLast((one) => one === 1) === undefined,
      Object.hasOwn({ a: 1 }, 'a') && !Object.hasOwn({}, 'toString'),
    ];
    assert.deepEqual(
      checks,
      checks.map(() => true),
    );
    const controller = new AbortController();
    const any = AbortSignal.any([controller.signal, AbortSignal.timeout(500)]);
    assert.equal(any.aborted, false);
    controller.abort();
    assert.equal(any.aborted, true);
    assert.equal(AbortSignal.any([controller.signal]).aborted, true);
    const short = AbortSignal.timeout(1);
    await new Promise((resolve) => short.addEventListener('abort', resolve));
  } finally {
    holders.forEach(([holder, name], at) => {
      const before = saved[at];
      if (before) Object.defineProperty(holder, name, before);
    });
  }
});

test.run();
