import type { Attachment } from 'svelte/attachments';

/** Puts the cursor into the first empty field of a form when it appears. */
export const focusFirst: Attachment<HTMLElement> = (form) => {
  const fields = [...form.querySelectorAll<HTMLInputElement>('input')];
  (fields.find(({ value }) => value === '') ?? fields[0])?.focus();
};

/** Puts the cursor into the first field that was found wanting, once the page shows which. */
export function focusFault(form: HTMLElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
