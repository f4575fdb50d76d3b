/** A platform in the parts that the engine's API has. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string | undefined;
}

// What `uname -m` and people say, and what images say (github.com/containerd/platforms).
const architectures: Readonly<Record<string, string>> = {
  x86_64: "amd64",
  "x86-64": "amd64",
  aarch64: "arm64",
  armhf: "arm/v7",
  armel: "arm/v6",
  i386: "386",
  i486: "386",
  i586: "386",
  i686: "386",
};
const part = /^[a-z0-9][a-z0-9_.-]*$/;

/**
 * Reads `linux/amd64`, `linux/arm64/v8`, `linux/aarch64`.
 *
 * @param argument name of the argument or option that held the text, for the error.
 * @throws TypeError when it is no platform.
 */
export function parsePlatform(text: string, argument = "platform"): Platform {
  const [os = "", named = "", givenVariant, ...more] = text.toLowerCase().split("/");
  const [architecture = "", impliedVariant] = (architectures[named] ?? named).split("/");
  const variant = givenVariant ?? impliedVariant;
  const parts = variant === undefined ? [os, architecture] : [os, architecture, variant];
  if (more.length > 0 || !parts.every((name) => part.test(name))) {
    throw new TypeError(
      `Argument "${argument}" is not a platform such as linux/amd64 or linux/arm/v7: ${JSON.stringify(text)}`,
    );
  }
  // The variant that every 64-bit ARM has is left out of images.
  if (variant === undefined || (architecture === "arm64" && variant === "v8")) return { os, architecture };
  return { os, architecture, variant };
}

/** A platform that may be left out, in the engine's parts. @throws TypeError when it is none. */
export function toPlatform(text: string | undefined): Platform | undefined {
  return text === undefined ? undefined : parsePlatform(text);
}

/** A platform that may be left out, as text in its normal form. @throws TypeError when it is none. */
export function toPlatformText(text: string | undefined): string | undefined {
  return text === undefined ? undefined : formatPlatform(parsePlatform(text));
}

/** `linux/arm/v7` */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join("/");
}
