/** sbatch's forms: minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes, days-hours:minutes:seconds. */
const FORMS = [
  { pattern: /^(\d+)$/, units: [60] },
  { pattern: /^(\d+):(\d+)$/, units: [60, 1] },
  { pattern: /^(\d+):(\d+):(\d+)$/, units: [3600, 60, 1] },
  { pattern: /^(\d+)-(\d+)$/, units: [86_400, 3600] },
  { pattern: /^(\d+)-(\d+):(\d+)$/, units: [86_400, 3600, 60] },
  { pattern: /^(\d+)-(\d+):(\d+):(\d+)$/, units: [86_400, 3600, 60, 1] },
] as const;

/** The seconds of a walltime in one of sbatch's forms; undefined for anything else, and for none at all. */
export function walltimeSeconds(text: string): number | undefined {
  for (const { pattern, units } of FORMS) {
    const parts = pattern.exec(text)?.slice(1);
    if (parts === undefined) continue;
    const seconds = parts.reduce((sum, part, index) => sum + Number(part) * units[index]!, 0);
    return seconds > 0 ? seconds : undefined;
  }
  return undefined;
}
