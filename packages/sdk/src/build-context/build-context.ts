import type { GivenFile, GivenTar } from "./given-context.ts";

/**
 * What a build works on: a folder (packed as the docker CLI does, `.dockerignore` applied), a tar, files given by
 * their path in the context, a URL that the engine itself fetches (a git repository, a tar, a Dockerfile), or
 * `"none"` for a build that needs only its Dockerfile (a folder of that name is `"./none"`).
 */
export type BuildContext =
  | string
  | { readonly tar: GivenTar }
  | { readonly files: Readonly<Record<string, GivenFile>> }
  | { readonly remote: string };
