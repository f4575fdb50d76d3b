import { Dockerignore } from "docker-engine-sdk/dockerignore";

/** A test whether a path as a shell takes it (it may hold wildcards) names a path or a folder that holds it. */
export function matcherFor(pattern: string): (path: string) => boolean {
  const named = trim(pattern);
  if (named === "" || named === "*" || named === "~") return () => false;
  if (!/[*?[]/.test(named)) {
    const [own, below] = pattern.startsWith("/") ? [`/${named}`, `/${named}/`] : [named, `${named}/`];
    return (path) => path === own || path.startsWith(below);
  }
  try {
    const compiled = new Dockerignore([{ text: named, line: 1 }]);
    compiled.ignores("."); // a pattern is read when it is first needed
    return (path) => compiled.ignores(trim(path));
  } catch {
    return () => false; // no pattern that can be read
  }
}

function trim(path: string): string {
  return path.replace(/^\/+/, "").replace(/\/+$/, "");
}
