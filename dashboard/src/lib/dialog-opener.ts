/** Whoever opens a dialog now, and is to get the focus back; of a menu's item, which goes, it is the menu's button. */
export function findOpener(): HTMLElement | null {
  const active = document.activeElement;
  if (!(active instanceof HTMLElement) || active === document.body) return null;
  const menu = active.closest<HTMLElement>('[data-opened-by]');
  return menu === null ? active : document.getElementById(menu.dataset.openedBy ?? '');
}

/** As a dialog closes: gives the focus back to whoever opened it, or to the page where they are gone. */
export function giveBack(event: Event, opener: HTMLElement | null): void {
  event.preventDefault();
  const to = opener?.isConnected ? opener : document.getElementById('main');
  to?.focus({ preventScroll: true });
}
