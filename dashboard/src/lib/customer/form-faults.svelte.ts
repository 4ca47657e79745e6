import { toApiError } from '../api.ts';
import type { CustomerDraft } from './customer-draft.svelte.ts';
import { findRowFault } from './entitlement-rows.ts';
import { type FormField, readFieldFault } from './field-fault.ts';

/** What is wrong with a customer that is being typed, each at its field. */
export class FormFaults {
  fields = $state.raw<Partial<Record<FormField, string>>>({});
  /** Of the entitlement that is meant; null: all of them. */
  rowKey = $state<number | null>(null);
  /** What is of no field. */
  form = $state<string | null>(null);

  at(field: FormField): string | null {
    return this.fields[field] ?? null;
  }

  clear(): void {
    this.fields = {};
    this.rowKey = null;
    this.form = null;
  }

  /** Looks for what the server would not see. True: something was found. */
  find(draft: CustomerDraft): boolean {
    this.clear();
    const fields: Partial<Record<FormField, string>> = {};
    if (draft.name.trim() === '') fields.name = 'Enter a name.';
    if (draft.app === '') fields.app = 'Choose an app.';
    else if (draft.channel === '') fields.channel = 'Choose a channel.';
    if (draft.lacksExpiry) fields.expiresAt = 'Enter the day and the time of the expiry.';
    if (draft.document?.trim() === '') fields.document = 'Paste the document, or go without one.';
    const row = findRowFault(draft.rows);
    if (row !== null) {
      fields.entitlements = row.message;
      this.rowKey = row.key;
    }
    this.fields = fields;
    return Object.keys(fields).length > 0;
  }

  /** Shows why the server refused it. */
  show(error: unknown, draft: CustomerDraft): void {
    const { message } = toApiError(error);
    const fault = readFieldFault(message);
    if (fault === null) {
      this.form = message;
      return;
    }
    this.fields = { [fault.field]: fault.message };
    const row = draft.rows.find(({ name }) => name.trim() === fault.entitlement);
    this.rowKey = row?.key ?? null;
  }
}
