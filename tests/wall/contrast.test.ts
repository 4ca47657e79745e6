import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';

const test = suite('contrast of a wall');

const styles = readFileSync(
  new URL('../../dashboard/src/lib/wall/wall.css', import.meta.url),
  'utf8',
);
/** Five metres away: more than reading at a desk asks for. */
const least = 7;

/** The colours of a theme by their names. */
function coloursOf(theme: string): Map<string, string> {
  const block = new RegExp(`\\.wall-${theme} \\{([^}]*)\\}`).exec(styles)?.[1] ?? '';
  return new Map(
    [...block.matchAll(/--w-([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, colour]) => [
      name ?? '',
      colour ?? '',
    ]),
  );
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

const states = [
  'ready',
  'updating',
  'degraded',
  'unavailable',
  'missing',
  'refused',
  'late',
  'inactive',
];

for (const theme of ['dark', 'light']) {
  test(`every word of the ${theme} theme stands out by at least ${least} to 1`, () => {
    const colours = coloursOf(theme);
    const of = (name: string) => colours.get(name) ?? assert.fail(`no colour --w-${name}`);
    const pairs = ['tile', 'page'].flatMap((ground) =>
      ['ink', 'ink-2', ...states].map((ink) => [ink, ground]),
    );
    // A problem is a filled tile.
    const filled = states.map((state) => ['on-fill', state]);
    const poor = [...pairs, ...filled]
      .map(([ink = '', ground = '']) => ({ ink, ground, is: contrast(of(ink), of(ground)) }))
      .filter(({ is }) => is < least);
    assert.deepEqual(poor, []);
  });
}

test('the reckoning is that of WCAG', () => {
  assert.equal(contrast('#000000', '#ffffff'), 21);
  assert.ok(Math.abs(contrast('#777777', '#ffffff') - 4.48) < 0.01);
});

test.run();
