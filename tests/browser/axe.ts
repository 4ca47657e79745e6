import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

type Options = Parameters<AxeBuilder['options']>[0];
type NodeResult = Awaited<ReturnType<AxeBuilder['analyze']>>['violations'][number]['nodes'][number];
const describeFirst = (node: NodeResult | undefined) =>
  `${node?.target.join(' ')}: ${node?.failureSummary?.replaceAll(/\s+/g, ' ')}`;

/**
 * Every rule in light; in dark the two about colours, since nothing else differs between the themes.
 * No page of ours has a foreign frame, so axe runs in the page itself, which takes a quarter of the time.
 */
const themes: [colorScheme: 'light' | 'dark', options: Options][] = [
  ['light', {}],
  ['dark', { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } }],
];

async function findGrave(page: Page, options: Options): Promise<string[]> {
  const builder = new AxeBuilder({ page }).setLegacyMode();
  const whole: Options = { ...options, resultTypes: ['violations'], preload: false };
  const { violations } = await builder.options(whole).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}, ${nodes.length} times: ${describeFirst(nodes[0])}`);
}

/** What axe finds that keeps somebody from using the page, in both themes, without animations. */
export async function findGraveInBothThemes(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const [colorScheme, options] of themes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(`(${untilRecoloured})('${colorScheme}')`);
    found.push(...(await findGrave(page, options)).map((fault) => `${colorScheme}: ${fault}`));
  }
  return found;
}

/**
 * Chromium recolours a page some frames later, part by part: waits until the theme is the one asked for and no colour
 * has changed for three looks. As text, since it speaks of the page's globals, which the tests do not have.
 */
const untilRecoloured = `async (scheme) => {
  const look = () =>
    [...document.querySelectorAll('*')]
      .map((element) => {
        const { color, backgroundColor, opacity } = getComputedStyle(element);
        return color + backgroundColor + opacity;
      })
      .join();
  const isTheme = () => matchMedia('(prefers-color-scheme: ' + scheme + ')').matches;
  for (let last = '', same = 0, looks = 0; same < 3; looks += 1) {
    if (looks > 200) throw new Error('The colours of the page never come to rest.');
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)));
    const now = look();
    same = now === last && isTheme() ? same + 1 : 0;
    last = now;
  }
}`;
