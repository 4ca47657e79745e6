import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { contrast, describeAccent } from '#domain/accent.ts';

const hex = fc.integer({ min: 0, max: 0xffffff }).map((n) => `#${n.toString(16).padStart(6, '0')}`);

test('contrast is what WCAG says it is', () => {
  assert.is(contrast('#000000', '#ffffff'), 21);
  assert.is(contrast('#777777', '#777777'), 1);
  assert.is(contrast('#767676', '#ffffff').toFixed(2), '4.54');
  assert.is(contrast('#ff0000', '#ffffff').toFixed(2), '4.00');
});

test('whatever the colour, words on it and words in it can be read', () => {
  fc.assert(
    fc.property(hex, (color) => {
      const { fill, onFill, onLight, onDark } = describeAccent(color);
      assert.is(fill, color);
      assert.ok(contrast(fill, onFill) >= 4.5, `${onFill} on ${fill}`);
      for (const ground of ['#ffffff', '#f5f6f8']) assert.ok(contrast(onLight, ground) >= 4.5);
      for (const ground of ['#161a21', '#0e1116', '#1d222b'])
        assert.ok(contrast(onDark, ground) >= 4.5);
    }),
    { numRuns: 2000 },
  );
});

test('a colour that can be read as it is stays as it is', () => {
  assert.is(describeAccent('#1F4FBF').onLight, '#1f4fbf');
  assert.is(describeAccent('#a5abff').onDark, '#a5abff');
});

test.run();
