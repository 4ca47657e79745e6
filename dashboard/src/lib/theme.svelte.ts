export const themes = ['system', 'light', 'dark'] as const;
export type ThemeName = (typeof themes)[number];

const key = 'rollcall.theme';

/** The viewer's choice of theme; `static/theme.js` applies it before the first paint. */
class Theme {
  name = $state<ThemeName>(read());

  /** Takes the next of system, light and dark. */
  turn() {
    const next = themes[(themes.indexOf(this.name) + 1) % themes.length] ?? 'system';
    this.name = next;
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem(key, next);
    } catch {
      // Storage may be forbidden; the choice then lasts as long as the page.
    }
  }
}

function read(): ThemeName {
  const chosen = document.documentElement.dataset.theme;
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
}

export const theme = new Theme();
