const typing = 'input, textarea, select, [contenteditable], [role="textbox"], [role="dialog"] *';

/** Whether it is the key that opens and leaves the operations view, and not a letter of something that is typed. */
export function isWallKey(event: KeyboardEvent): boolean {
  if (event.key !== 'w' || event.ctrlKey || event.metaKey || event.altKey || event.repeat)
    return false;
  return !(event.target instanceof Element && event.target.closest(typing));
}

/** Full screen, where the browser lets a page; the view fills the window in any case. */
export async function enterFullScreen(): Promise<void> {
  await document.documentElement.requestFullscreen?.().catch(() => {});
}

export async function leaveFullScreen(): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen().catch(() => {});
}
