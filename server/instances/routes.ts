import { type Context, Hono } from 'hono';
import { instanceChange } from '#contract/activity.ts';
import { type AccountEnv, byOf, readId, readJson, requires } from '#server/accounts/index.ts';
import type { InstanceKey } from '#server/store/instances.ts';
import { archiveInstance, restoreInstance } from './archive-instance.ts';
import { changeInstance } from './change-instance.ts';
import type { InstanceDeps } from './desk.ts';

const path = '/api/customers/:id/instances/:instanceId';

/** What the vendor does with instances. What is read of them is in reports/. */
export function instanceRoutes(deps: InstanceDeps): Hono<AccountEnv> {
  const routes = new Hono<AccountEnv>();

  routes.patch(path, requires('manage'), async (c) => {
    const change = await readJson(c, instanceChange);
    return c.json(await changeInstance(deps, byOf(c), keyOf(c), change));
  });

  routes.post(`${path}/archive`, requires('manage'), async (c) =>
    c.json(await archiveInstance(deps, byOf(c), keyOf(c))),
  );

  routes.post(`${path}/restore`, requires('manage'), async (c) =>
    c.json(await restoreInstance(deps, byOf(c), keyOf(c))),
  );

  return routes;
}

/** @throws AppError not_found for what can be no id */
const keyOf = (c: Context<AccountEnv>): InstanceKey => ({
  customerId: readId(c, 'customer'),
  instanceId: readId(c, 'instance', 'instanceId'),
});
