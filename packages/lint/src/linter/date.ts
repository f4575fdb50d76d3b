/** Whether a text is a day of the calendar, as `2027-01-31`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  // The 31st of a month that has 30 days is read as the first of the next one.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
