import { strict as assert } from 'node:assert';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { EditedScreen, Screen, ScreenScope } from '#contract/screens.ts';
import type { WallOptions } from '#contract/wall.ts';
import { type Stage, openStage } from '../browser/stage.ts';
import { type Signed, signIn } from '../support/session.ts';

export interface WallStage extends Stage {
  owner: Signed;
  /** Makes a screen. */
  create(settings?: {
    name?: string;
    scope?: Partial<ScreenScope>;
    redaction?: 'full' | 'initials' | 'none';
    options?: Partial<WallOptions>;
  }): Promise<{ screen: Screen; path: string }>;
  /** Does something to a screen, such as `revoke`; the answer must be a success. */
  tell(screen: Pick<Screen, 'id' | 'revision'>, deed: string): Promise<void>;
  /** A television that shows the address. */
  watch(path: string, options?: BrowserContextOptions): Promise<Page>;
}

export async function openWallStage(): Promise<WallStage> {
  const stage = await openStage();
  const owner = await signIn(stage.server.url);
  const ask = async (path: string, body: object) => {
    const answer = await fetch(stage.server.url + path, {
      method: 'POST',
      headers: { ...owner, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
    return answer;
  };
  return {
    ...stage,
    owner,
    async create(settings = {}) {
      const answer = await ask('/api/screens', { name: 'Operations room', ...settings });
      const { screen, address } = (await answer.json()) as EditedScreen;
      assert.ok(address);
      return { screen, path: address.slice(stage.server.url.length) };
    },
    async tell({ id, revision }, deed) {
      await ask(`/api/screens/${id}/${deed}`, { revision });
    },
    watch: (path, options = {}) =>
      stage.open(path, { viewport: { width: 1920, height: 1080 }, ...options }),
  };
}

export const tiles = (page: Page) => page.locator('.wall-tile');
/** The tile of an instance by what it says of itself. */
export const tileOf = (page: Page, words: string) =>
  page.locator(`.wall-tile[aria-label*="${words}"]`);
export const verdict = (page: Page) => page.locator('.wall-verdict .wall-big');
