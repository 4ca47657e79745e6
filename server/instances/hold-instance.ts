import type { Instance } from '#domain/model.ts';
import { AppError } from '#server/errors.ts';
import { type InstanceKey, lockInstances, type Tx } from '#server/store/instances.ts';

/**
 * The instance as it is stored, held until the commit: check-ins and other edits of it wait.
 * @throws AppError not_found
 */
export async function holdInstance(tx: Tx, key: InstanceKey): Promise<Instance> {
  const [instance] = await lockInstances(tx, [key]);
  if (!instance) throw new AppError('not_found', 'This customer has no such instance.');
  return instance;
}

/** For the audit. */
export const targetOf = ({ customerId, instanceId, name }: Instance) => ({
  kind: 'instance',
  id: `${customerId}/${instanceId}`,
  name: name ?? instanceId,
});
