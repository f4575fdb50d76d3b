/** The line drawn from a layer to its instruction, where both stand side by side. */
import type { OnLink } from "./link.ts";

/** Answers what draws it. */
export function drawThread(): OnLink {
  const pair = document.querySelector(".pair");
  const thread = pair?.querySelector(".thread path");
  return (parts) => {
    const slab = parts?.find((part) => part.matches(".stack li"))?.querySelector(".slab");
    const lines = parts?.find((part) => part.matches(".instruction"));
    if (pair == null || thread == null) return;
    if (slab == null || lines === undefined) {
      thread.removeAttribute("d");
      return;
    }
    const [from, to, origin] = [slab, lines, pair].map((element) => element.getBoundingClientRect());
    if (from === undefined || to === undefined || origin === undefined || to.left < from.right) {
      thread.removeAttribute("d");
      return;
    }
    const [x1, x2] = [from.right - origin.left, to.left - origin.left];
    const [y1, y2] = [
      from.top + from.height / 2 - origin.top,
      to.top + Math.min(to.height / 2, 16) - origin.top,
    ];
    const middle = (x1 + x2) / 2;
    thread.setAttribute("d", `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`);
  };
}
