import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { renderMarkdown } from '#server/markdown.ts';

test('headings, lists and links are rendered', () => {
  const html = renderMarkdown('## New\n\n- faster [search](https://acme.example/notes)');
  assert.match(html, '<h2>New</h2>');
  assert.match(html, '<li>faster <a href="https://acme.example/notes"');
  assert.match(html, 'rel="noopener noreferrer"');
});

for (const [what, text] of [
  ['a script', '<script>alert(1)</script>'],
  ['a handler', '<p onclick="alert(1)">x</p>'],
  ['a javascript link', '[x](javascript:alert(1))'],
  ['a javascript link in disguise', '[x](java\tscript:alert(1))'],
  ['a data link', '[x](data:text/html,<script>alert(1)</script>)'],
  ['an autolink of another scheme', '<vbscript:alert(1)>'],
  ['a picture', '![x](https://elsewhere.example/pixel.png)'],
  ['a title that breaks out', '[x](https://a.example "\\" onmouseover=alert(1) x=\\"")'],
] as const) {
  test(`${what} stays text`, () => {
    const html = renderMarkdown(text);
    // What is left in angle brackets are tags of ours, and of their attributes only these four.
    for (const tag of html.match(/<[^>]*>/g) ?? []) {
      assert.match(
        tag,
        /^<\/?(p|a|br|em|strong|ul|li)(\s+(href|rel|target|title)="[^"]*")*\s*\/?>$/,
      );
    }
    assert.not.match(html, /href="(?!https:)/);
  });
}

test.run();
