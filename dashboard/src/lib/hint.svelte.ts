import type { Attachment } from 'svelte/attachments';

export type HintContent = { text: string } | { title: string; lines: HintLine[] };
export interface HintLine {
  label: string;
  value: string;
  /** CSS colour of the swatch before the label. */
  colour?: string;
}

interface Shown {
  anchor: DOMRect;
  content: HintContent;
  owner: object;
}

/**
 * One hint for the whole page. A fleet shows hundreds of things that explain themselves when pointed at;
 * a tooltip component for each would cost more than the rows.
 */
class Hint {
  shown = $state.raw<Shown | null>(null);

  show(owner: object, anchor: DOMRect, content: HintContent) {
    this.shown = { owner, anchor, content };
  }

  hide(owner: object) {
    if (this.shown?.owner === owner) this.shown = null;
  }
}

/** The same in one line, for those who hear it. */
export const sayHint = (content: HintContent): string =>
  'text' in content
    ? content.text
    : [content.title, ...content.lines.map(({ label, value }) => `${label} ${value}`.trim())].join(
        ', ',
      );

export const hint = new Hint();
export const hintId = 'hint';

/** Shows `content()` above the element while it is hovered or focused. */
export function explain(content: () => HintContent | null): Attachment<HTMLElement> {
  return (element) => {
    const show = () => {
      const now = content();
      if (now === null) return;
      element.setAttribute('aria-describedby', hintId);
      hint.show(element, element.getBoundingClientRect(), now);
    };
    const hide = () => {
      element.removeAttribute('aria-describedby');
      hint.hide(element);
    };
    const on = { pointerenter: show, focus: show, pointerleave: hide, blur: hide };
    for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener);
    return () => {
      hide();
      for (const [name, listener] of Object.entries(on)) {
        element.removeEventListener(name, listener);
      }
    };
  };
}
