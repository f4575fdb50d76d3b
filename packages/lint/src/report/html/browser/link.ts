/** Pointing at a line, a layer, a step or a path shows the others of the same instruction. */

/** Told whenever other parts are shown as belonging together; undefined: none are. */
export type OnLink = (parts: readonly Element[] | undefined) => void;

/** Watches the pointer and the keyboard's focus; the one that moved last decides. */
export function linkParts(onLink: OnLink): void {
  const parts = new Map<string, Element[]>();
  for (const element of document.querySelectorAll("[data-link]")) {
    const key = keyOf(element);
    const others = parts.get(key);
    if (others === undefined) parts.set(key, [element]);
    else others.push(element);
  }
  let current: string | undefined;

  const show = (target: EventTarget | null): void => {
    const element = target instanceof Element ? target.closest("[data-link]") : null;
    const key = element === null ? undefined : keyOf(element);
    if (key !== current) {
      for (const part of parts.get(current ?? "") ?? []) part.removeAttribute("data-linked");
      for (const part of parts.get(key ?? "") ?? []) part.setAttribute("data-linked", "");
      current = key;
    }
    onLink(key === undefined ? undefined : parts.get(key));
  };
  const showFocused = (): void => show(document.activeElement);

  document.addEventListener("pointerover", ({ target }) => show(target));
  document.documentElement.addEventListener("pointerleave", showFocused);
  document.addEventListener("focusin", showFocused);
  document.addEventListener("focusout", () => show(null));
  // What they are drawn between moves.
  const redraw = (): void => onLink(current === undefined ? undefined : parts.get(current));
  window.addEventListener("scroll", redraw, { passive: true, capture: true });
  window.addEventListener("resize", redraw);
  document.addEventListener("toggle", redraw, { capture: true });
}

function keyOf(element: Element): string {
  return element.getAttribute("data-link") ?? "";
}
