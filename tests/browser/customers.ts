import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import type { CustomerReport } from '#contract/reports.ts';
import { type Signed, signIn } from '../support/session.ts';
import { findGraveInBothThemes } from './axe.ts';
import type { Stage } from './stage.ts';

const signed = new Map<string, Promise<Signed>>();

/** Asks the API as the first owner. */
export async function ask<T>(
  { server }: Stage,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  if (!signed.has(server.url)) signed.set(server.url, signIn(server.url));
  const { cookie, origin } = await signed.get(server.url)!;
  const response = await fetch(server.url + path, {
    ...{ method, headers: { cookie, origin } },
    body: body && JSON.stringify(body),
  });
  const answer = (await response.json()) as T;
  assert.ok(response.ok, JSON.stringify(answer));
  return answer;
}

export const customerOf = async (stage: Stage, id: string) =>
  (await ask<CustomerReport>(stage, 'GET', `/api/customers/${id}`)).customer;

/** A new customer of the app Acme Search. @returns its id */
export async function make(stage: Stage, name: string, terms: object = {}): Promise<string> {
  const license = { type: 'paid', expiresAt: null, features: [], entitlements: {}, ...terms };
  const body = { app: 'acme', channel: 'acme-stable', name, license };
  return (await ask<{ id: string }>(stage, 'POST', '/api/customers', body)).id;
}

export const licenseIdOf = async (stage: Stage, id: string) =>
  (await ask<{ licenseId: string }>(stage, 'POST', `/api/customers/${id}/license-id`)).licenseId;

/** A report of an instance that the license was given to. @returns the status of the answer */
export async function checkIn({ server }: Stage, licenseId: string): Promise<number> {
  const response = await fetch(`${server.url}/api/check-ins`, {
    method: 'POST',
    headers: { authorization: `Bearer ${licenseId}` },
    body: JSON.stringify({ instanceId: 'first-one', status: 'ready', channelSequence: 3 }),
  });
  return response.status;
}

export const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: true });

/** @param where said when something is found */
export async function expectNothingGrave(page: Page, where: string): Promise<void> {
  assert.deepEqual(await findGraveInBothThemes(page), [], where);
}
