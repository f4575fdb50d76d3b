/**
 * The linters, each as a function from a Dockerfile's text to what is found. Plain JavaScript, as is what imports it: the
 * processes that are measured load nothing besides Node and the linter.
 */

/** Each gives its function when its package has been loaded. */
export const linters = {
  dflint: async () => {
    const { Linter, rules } = await import("dflint");
    const linter = new Linter(rules);
    return (text) => linter.lint({ text }).diagnostics;
  },
  dockerfilelint: async () => {
    const { default: dockerfilelint } = await import("dockerfilelint");
    const folderOfConfiguration = "";
    return (text) => dockerfilelint.run(folderOfConfiguration, text);
  },
  "dockerfile-utils": async () => {
    const { default: utils } = await import("dockerfile-utils");
    return (text) => utils.validate(text, {});
  },
  /** Has no rules: its figure is that of reading alone. */
  "dockerfile-ast": async () => {
    const { default: ast } = await import("dockerfile-ast");
    return (text) =>
      ast.DockerfileParser.parse(text)
        .getInstructions()
        .map((instruction) => [instruction.getKeyword(), instruction.getArguments().length]);
  },
};
