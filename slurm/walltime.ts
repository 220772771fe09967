/** sbatch's forms: minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes, days-hours:minutes:seconds. */
const FORMS = [
  { pattern: /^(\d+)$/, units: [60] },
  { pattern: /^(\d+):(\d+)$/, units: [60, 1] },
  { pattern: /^(\d+):(\d+):(\d+)$/, units: [3600, 60, 1] },
  { pattern: /^(\d+)-(\d+)$/, units: [86_400, 3600] },
  { pattern: /^(\d+)-(\d+):(\d+)$/, units: [86_400, 3600, 60] },
  { pattern: /^(\d+)-(\d+):(\d+):(\d+)$/, units: [86_400, 3600, 60, 1] },
] as const;

/** sbatch's words for a walltime without end, which partitions without a limit grant. */
const ENDLESS = /^(infinite|unlimited)$/i;

/** The seconds of a walltime in one of sbatch's forms, Infinity for one without end; undefined for anything else, and for none at all. */
export function walltimeSeconds(text: string): number | undefined {
  if (ENDLESS.test(text)) return Infinity;
  for (const { pattern, units } of FORMS) {
    const parts = pattern.exec(text)?.slice(1);
    if (parts === undefined) continue;
    const seconds = parts.reduce((sum, part, index) => sum + Number(part) * units[index]!, 0);
    return seconds > 0 ? seconds : undefined;
  }
  return undefined;
}

/** A walltime in one of those forms, with its units: `5 min`, `1 h 30 min`, `2 d`. */
export function walltimeText(text: string): string {
  const seconds = walltimeSeconds(text);
  if (seconds === undefined || seconds === Infinity) return text.toLowerCase();
  const units = [['d', Math.floor(seconds / 86_400)], ['h', Math.floor(seconds / 3600) % 24], ['min', Math.floor(seconds / 60) % 60], ['s', seconds % 60]] as const;
  return units.filter(([, count]) => count > 0).map(([unit, count]) => `${count} ${unit}`).join(' ');
}
