import type { Check } from "../values/argument.ts";

/** Any method, whatever it takes. */
type Method = (...given: never[]) => unknown;

type ChecksOf<Given extends readonly unknown[]> = { readonly [Index in keyof Given]-?: Check };

/** A check for each argument of each method that returns a promise. */
type PromiseChecks<Class> = {
  readonly [
    Name in keyof Class & string as Class[Name] extends (...given: never[]) => Promise<unknown> ? Name : never
  ]: Class[Name] extends Method ? ChecksOf<Parameters<Class[Name]>> : never;
};

/** The same for the other methods. */
type DirectChecks<Class> = {
  readonly [
    Name in keyof Class & string as Class[Name] extends (...given: never[]) => Promise<unknown>
      ? never
      : Class[Name] extends Method
        ? Name
        : never
  ]: Class[Name] extends Method ? ChecksOf<Parameters<Class[Name]>> : never;
};

type AnyChecks = Readonly<Record<string, readonly Check[]>>;

/**
 * Puts checks of the arguments before all methods of a class, in one table: TypeScript refuses a wrong kind of argument,
 * plain JavaScript would have it ignored, sent to the engine, or fail deep inside.
 * @param name of an object of the class in messages, e.g. `container`
 * @param promises methods that return a promise, which is rejected
 * @param direct methods that return something else: they throw
 */
export function checkArguments<Class>(
  { prototype }: { readonly prototype: Class },
  name: string,
  checks: { readonly promises: PromiseChecks<Class>; readonly direct: DirectChecks<Class> },
): void {
  for (const [method, list] of Object.entries(checks.promises as AnyChecks)) {
    guard(prototype, name, method, list, (error) => Promise.reject(error));
  }
  for (const [method, list] of Object.entries(checks.direct as AnyChecks)) {
    guard(prototype, name, method, list, (error) => {
      throw error;
    });
  }
}

function guard(
  prototype: unknown,
  of: string,
  name: string,
  checks: readonly Check[],
  fail: (error: TypeError | RangeError) => unknown,
): void {
  const methods = prototype as Record<string, (...given: unknown[]) => unknown>; // as the tables' types say
  const method = methods[name];
  if (method === undefined) throw new TypeError(`There is no method ${name} to check.`);
  const call = `${of}.${name}()`;
  const value = function (this: unknown, ...given: unknown[]): unknown {
    try {
      for (const [index, check] of checks.entries()) check(given[index], call);
    } catch (error) {
      return fail(error as TypeError | RangeError); // checks throw nothing else
    }
    return Reflect.apply(method, this, given);
  };
  Object.defineProperty(value, "name", { value: name });
  Object.defineProperty(prototype, name, { value, writable: true, configurable: true, enumerable: false });
}
