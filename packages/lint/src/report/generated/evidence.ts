/** Written by `npm run evidence`: what keeping a rule was measured to save, as tables of Markdown. */
export const EVIDENCE: Readonly<Record<string, string>> = {
  DFL101: "| engine, builder | MB above the base | layers | rebuild, s | steps that run again |\n| --- | ---: | ---: | ---: | ---: |\n| 20.10.24, classic | 16.0 | 3 → 4 | 7.9 → 1.5 | 2 → 1 |\n| 20.10.24, BuildKit | 16.0 | 3 → 4 | 12.8 → 0.5 | 2 → 1 |\n| 28.5.2, BuildKit | 16.0 | 3 → 4 | 9.4 → 0.6 | 2 → 1 |",
  DFL102: "| engine, builder | MB above the base | layers | rebuild, s | steps that run again |\n| --- | ---: | ---: | ---: | ---: |\n| 20.10.24, classic | 16.0 | 3 | 10.9 → 0.7 | 2 → 0 |\n| 20.10.24, BuildKit | 16.0 | 3 | 11.3 → 0.8 | 1 → 0 |\n| 28.5.2, BuildKit | 16.0 | 3 | 9.2 → 0.4 | 1 → 0 |",
  DFL104: "| engine, builder | MB above the base | layers | rebuild, s | steps that run again |\n| --- | ---: | ---: | ---: | ---: |\n| 20.10.24, classic | 20.0 → 0.0 | 2 → 1 | – | – |\n| 20.10.24, BuildKit | 20.0 → 0.0 | 2 → 1 | – | – |\n| 28.5.2, BuildKit | 20.0 → 0.0 | 2 → 1 | – | – |",
  DFL105: "| engine, builder | MB above the base | layers | rebuild, s | steps that run again |\n| --- | ---: | ---: | ---: | ---: |\n| 20.10.24, BuildKit | 40.0 → 20.0 | 2 → 1 | – | – |\n| 28.5.2, BuildKit | 40.0 → 20.0 | 2 → 1 | – | – |",
  DFL106: "| engine, builder | MB above the base | layers | rebuild, s | steps that run again |\n| --- | ---: | ---: | ---: | ---: |\n| 20.10.24, classic | 40.0 → 20.0 | 3 → 1 | – | – |\n| 20.10.24, BuildKit | 40.0 → 20.0 | 3 → 1 | – | – |\n| 28.5.2, BuildKit | 40.0 → 20.0 | 3 → 1 | – | – |",
  DFL403: "| engine, builder | MB above the base | layers | rebuild, s | steps that run again |\n| --- | ---: | ---: | ---: | ---: |\n| 20.10.24, classic | 16.0 → 8.0 | 3 | – | – |\n| 20.10.24, BuildKit | 16.0 → 8.0 | 3 | – | – |\n| 28.5.2, BuildKit | 16.0 → 8.0 | 3 | – | – |",
  DFL405: "| engine, builder | MB above the base | layers | rebuild, s | steps that run again |\n| --- | ---: | ---: | ---: | ---: |\n| 20.10.24, classic | 56.8 → 4.2 | 1 | – | – |\n| 20.10.24, BuildKit | 56.8 → 4.2 | 1 | – | – |\n| 28.5.2, BuildKit | 56.8 → 4.2 | 1 | – | – |",
  DFL408: "| engine, builder | MB above the base | layers | rebuild, s | steps that run again |\n| --- | ---: | ---: | ---: | ---: |\n| 20.10.24, classic | 14.0 → 4.2 | 1 | – | – |\n| 20.10.24, BuildKit | 14.0 → 4.2 | 1 | – | – |\n| 28.5.2, BuildKit | 14.0 → 4.2 | 1 | – | – |",
  DFL504: "| engine, builder | MB above the base | layers | rebuild, s | steps that run again |\n| --- | ---: | ---: | ---: | ---: |\n| 20.10.24, classic | 40.0 → 20.0 | 2 → 1 | – | – |\n| 20.10.24, BuildKit | 40.0 → 20.0 | 2 → 1 | – | – |\n| 28.5.2, BuildKit | 40.0 → 20.0 | 2 → 1 | – | – |",
  DFL604: "| engine, builder | MB above the base | layers | rebuild, s | steps that run again |\n| --- | ---: | ---: | ---: | ---: |\n| 20.10.24, classic | 20.0 → 0.0 | 2 | – | – |\n| 20.10.24, BuildKit | 20.0 → 0.0 | 2 | – | – |\n| 28.5.2, BuildKit | 20.0 → 0.0 | 2 | – | – |",
};

/** When that was. */
export const EVIDENCE_DATE = "2026-11-22";
