import type { Attachment } from 'svelte/attachments';

/** Lets arrow keys, j and k walk from row to row of a list that is all on the page. */
export const walkRows: Attachment<HTMLElement> = (table) => {
  const walk = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (by === undefined) return;
    const links = [...table.querySelectorAll<HTMLElement>('a.name')];
    const row = document.activeElement?.closest('.instance-row');
    const present = links.findIndex((link) => row?.contains(link));
    const next = links[present === -1 ? 0 : present + by];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };
  table.addEventListener('keydown', walk);
  return () => table.removeEventListener('keydown', walk);
};
