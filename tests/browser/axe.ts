import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

type NodeResult = Awaited<ReturnType<AxeBuilder['analyze']>>['violations'][number]['nodes'][number];
const describeFirst = (node: NodeResult | undefined) =>
  `${node?.target.join(' ')}: ${node?.failureSummary?.replaceAll(/\s+/g, ' ')}`;

/** What axe finds that keeps somebody from using the page. */
async function findGrave(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}, ${nodes.length} times: ${describeFirst(nodes[0])}`);
}

/** What axe finds that keeps somebody from using the page, in both themes, without animations. */
export async function findGraveInBothThemes(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Chromium recolours a page some frames later, part by part.
    await page.waitForTimeout(500);
    found.push(...(await findGrave(page)).map((fault) => `${colorScheme}: ${fault}`));
  }
  return found;
}
