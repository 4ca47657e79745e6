import { toApiError } from '../api.ts';
import type { Draft } from './draft.svelte.ts';

/** Why something was not saved, and of which field that is. */
export interface SaveFault<Field> {
  field: Field | null;
  message: string;
}

/** The field that a sentence of the server names at its beginning ("name: must not be empty."), and the rest of it. */
export function sortFault<Field extends string>(
  error: unknown,
  fields: readonly Field[],
): SaveFault<Field> {
  const { message } = toApiError(error);
  const field = fields.find((name) => message.startsWith(`${name}: `)) ?? null;
  if (field === null) return { field, message };
  const rest = message.slice(field.length + 2);
  return { field, message: rest.charAt(0).toUpperCase() + rest.slice(1) };
}

/**
 * Saves what is typed. If somebody else was faster, what they saved is read and laid beside it: nothing typed is lost.
 * @param send rejects if the server refuses
 * @param read the present values, with their revision
 * @returns null: it is saved, or (`draft.overtaken`) there is something to look at first
 */
export async function saveDraft<V extends Record<string, string | boolean>>(
  draft: Draft<V>,
  send: (change: Partial<V> & { revision: number }) => Promise<unknown>,
  read: () => Promise<{ values: V; revision: number }>,
): Promise<{ saved: boolean; fault: SaveFault<keyof V & string> | null }> {
  const change = Object.fromEntries(draft.touched.map((name) => [name, draft.typed[name]]));
  try {
    await send({ ...(change as Partial<V>), revision: draft.revision });
    return { saved: true, fault: null };
  } catch (error) {
    if (toApiError(error).status === 409) {
      const present = await read().catch(() => null);
      if (present !== null && present.revision !== draft.revision) {
        draft.rebase(present.values, present.revision);
        draft.overtaken = true;
        return { saved: false, fault: null };
      }
    }
    return { saved: false, fault: sortFault(error, draft.names as (keyof V & string)[]) };
  }
}
