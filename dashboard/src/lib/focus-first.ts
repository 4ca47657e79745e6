import type { Attachment } from 'svelte/attachments';

/** Puts the cursor into the first empty field of a form when it appears. */
export const focusFirst: Attachment<HTMLElement> = (form) => {
  const fields = [...form.querySelectorAll<HTMLInputElement>('input')];
  (fields.find(({ value }) => value === '') ?? fields[0])?.focus();
};

/** Whether anything was found wanting; then the cursor goes to the first such field. */
export function stopAtFaults(
  faults: Record<string, string | null>,
  form: HTMLElement | undefined,
): boolean {
  const found = Object.values(faults).some((fault) => fault !== null);
  if (found && form) focusFault(form);
  return found;
}

/** Puts the cursor into the first field that was found wanting, once the page shows which. */
export function focusFault(form: HTMLElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
