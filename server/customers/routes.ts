import { Hono } from 'hono';
import { customerChange, customerDeed, customerRequest } from '#contract/customers.ts';
import { type AccountEnv, byOf, readId, readJson, requires } from '#server/accounts/index.ts';
import { addCustomer } from './add-customer.ts';
import { archiveCustomer, restoreCustomer } from './archive-customer.ts';
import { changeCustomer } from './change-customer.ts';
import type { CustomerDeps } from './desk.ts';
import { downloadLicense } from './download-license.ts';
import { revealInstructions, showInstructions } from './install-instructions.ts';
import { rotateLicenseId } from './rotate-license-id.ts';

/** What the vendor does with customers. What is read of them is in reports/. */
export function customerRoutes(deps: CustomerDeps): Hono<AccountEnv> {
  const routes = new Hono<AccountEnv>();

  routes.post('/api/customers', requires('manage'), async (c) =>
    c.json(await addCustomer(deps, byOf(c), await readJson(c, customerRequest)), 201),
  );

  routes.patch('/api/customers/:id', requires('manage'), async (c) => {
    const change = await readJson(c, customerChange);
    return c.json(await changeCustomer(deps, byOf(c), readId(c, 'customer'), change));
  });

  const deeds = { archive: archiveCustomer, restore: restoreCustomer };
  for (const [name, act] of Object.entries(deeds)) {
    routes.post(`/api/customers/:id/${name}`, requires('manage'), async (c) => {
      const { revision } = await readJson(c, customerDeed);
      return c.json(await act(deps, byOf(c), readId(c, 'customer'), revision));
    });
  }

  routes.post('/api/customers/:id/license-id/rotation', requires('manage'), async (c) => {
    const { revision } = await readJson(c, customerDeed);
    return c.json(await rotateLicenseId(deps, byOf(c), readId(c, 'customer'), revision));
  });

  // Not a GET: it holds a secret, and leaves a trace.
  routes.post('/api/customers/:id/license-document', requires('manage'), async (c) => {
    const { fileName, document } = await downloadLicense(deps, byOf(c), readId(c, 'customer'));
    return c.body(document, 200, {
      'Content-Type': 'application/yaml; charset=utf-8',
      'Content-Disposition': `attachment; filename="${fileName}"`,
    });
  });

  routes.get('/api/customers/:id/install-instructions', requires('read'), async (c) =>
    c.json(await showInstructions(deps, readId(c, 'customer'))),
  );

  routes.post('/api/customers/:id/install-instructions', requires('manage'), async (c) =>
    c.json(await revealInstructions(deps, byOf(c), readId(c, 'customer'))),
  );

  return routes;
}
