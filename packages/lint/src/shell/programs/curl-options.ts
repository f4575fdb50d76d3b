import type { OptionStyle } from "../options.ts";

/** Which options of curl take a value: those that people use where images are built. */
export const CURL_OPTIONS: OptionStyle = {
  short: "oHdAebcuTmxXwKrEUQtyYzCDF",
  long: [
    "cacert",
    "config",
    "connect-timeout",
    "data",
    "data-binary",
    "form",
    "header",
    "max-time",
    "output",
    "output-dir",
    "proxy",
    "request",
    "retry",
    "retry-delay",
    "unix-socket",
    "url",
    "user",
    "user-agent",
    "write-out",
  ],
};
