import type { Span } from './model.ts';

/** Sorted, without overlap or contact; empty stretches vanish. */
export function unite(spans: readonly Span[]): Span[] {
  const united: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    if (span.from >= span.to) continue;
    const last = united.at(-1);
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else united.push({ ...span });
  }
  return united;
}

export function intersect(spans: readonly Span[], window: Span): Span[] {
  return spans
    .map(({ from, to }) => ({ from: Math.max(from, window.from), to: Math.min(to, window.to) }))
    .filter(({ from, to }) => from < to);
}

/** The parts of `span` outside `holes` (sorted, without overlap), looking only from hole number `first` on. */
export function subtract(span: Span, holes: readonly Span[], first = 0): Span[] {
  const parts: Span[] = [];
  let from = span.from;
  for (let index = first; index < holes.length; index++) {
    const hole = holes[index] as Span;
    if (hole.from >= span.to) break;
    if (hole.to <= from) continue;
    if (hole.from > from) parts.push({ from, to: hole.from });
    from = Math.max(from, hole.to);
  }
  if (from < span.to) parts.push({ from, to: span.to });
  return parts;
}
