/** Light or dark: as the system has it, until somebody chooses. */

/** Shows the button that changes it. */
export function offerTheme(): void {
  const button = document.getElementById("theme");
  if (button === null) return;
  const system = matchMedia("(prefers-color-scheme: dark)");
  let chosen: boolean | undefined;
  const isDark = (): boolean => chosen ?? system.matches;
  const label = (): void => {
    button.textContent = isDark() ? "Light theme" : "Dark theme";
  };
  button.addEventListener("click", () => {
    chosen = !isDark();
    document.documentElement.dataset["theme"] = chosen ? "dark" : "light";
    label();
  });
  system.addEventListener("change", label);
  button.hidden = false;
  label();
}
