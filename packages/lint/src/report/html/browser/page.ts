/** What the page does once it is open. Without it the page shows the same, and its links lead to the same places. */
import { followTargets } from "./targets.ts";
import { linkParts } from "./link.ts";
import { offerTheme } from "./theme.ts";
import { drawThread } from "./thread.ts";

offerTheme();
followTargets();
linkParts(drawThread());
