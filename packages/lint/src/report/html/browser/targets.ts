/** A link to a layer also unfolds it, and puts the keyboard's focus there. */

/** Follows the links within the page. */
export function followTargets(): void {
  window.addEventListener("hashchange", unfold);
  unfold();
}

function unfold(): void {
  const target = document.getElementById(location.hash.slice(1));
  const details = target?.querySelector<HTMLDetailsElement>(":scope > details");
  if (details == null) return;
  details.open = true;
  details.querySelector("summary")?.focus();
}
