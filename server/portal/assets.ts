import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeAccent } from '#domain/accent.ts';

/** Of portals whose app has no colour of its own. */
const ownAccent = '#4148c9';

/** The pages' own files: the same for everybody, so that browsers may keep them for good. */
export interface Assets {
  /** Addresses, with a fingerprint of what lies there. */
  style: string;
  script: string;
  /** What lies at an address; null: nothing. */
  find(name: string): { type: string; content: string } | null;
}

export function loadAssets(): Assets {
  const folder = join(import.meta.dirname, 'assets');
  const found = new Map<string, { type: string; content: string }>();
  const load = (name: string, type: string) => {
    const content = readFileSync(join(folder, name), 'utf8');
    const digest = createHash('sha256').update(content).digest('hex').slice(0, 12);
    found.set(`${digest}-${name}`, { type, content });
    return `/portal/assets/${digest}-${name}`;
  };
  return {
    style: load('portal.css', 'text/css; charset=utf-8'),
    script: load('portal.js', 'text/javascript; charset=utf-8'),
    find: (name) => found.get(name) ?? findTheme(name),
  };
}

/** The address of a style sheet with an app's colours: a page's policy forbids to write them into it. */
export const themeOf = (accentColor: string | null): string =>
  `/portal/assets/${(accentColor ?? ownAccent).slice(1).toLowerCase()}.css`;

function findTheme(name: string): { type: string; content: string } | null {
  const color = /^([0-9a-f]{6})\.css$/.exec(name)?.[1];
  if (color === undefined) return null;
  const { fill, onFill, onLight, onDark } = describeAccent(`#${color}`);
  const content = `:root {
  --accent-fill: ${fill};
  --on-accent: ${onFill};
  --accent: light-dark(${onLight}, ${onDark});
}
`;
  return { type: 'text/css; charset=utf-8', content };
}
