/** How far a run has come. */
export interface Standing {
  /** Points to compute in this run: those that were not stored before. */
  readonly points: number;
  readonly done: number;
  readonly failed: number;
  /** Since the run began to take points. */
  readonly seconds: number;
}

/** Cells of the bar between its ends. */
const BAR_CELLS = 30;

/** Shares of a run at which a line is printed where no terminal shows a bar. */
const LINES = 10;

/** Points per second so far; 0 before the first. */
export function rate(standing: Standing): number {
  const settled = standing.done + standing.failed;
  return settled === 0 || standing.seconds === 0 ? 0 : settled / standing.seconds;
}

/** Seconds until the last point, at the rate so far; undefined before the first. */
export function secondsLeft(standing: Standing): number | undefined {
  const perSecond = rate(standing);
  if (perSecond === 0) return undefined;
  return (standing.points - standing.done - standing.failed) / perSecond;
}

/** The bar of a terminal, without line end: `[#####.....] 512/1000  1 failed  95.3/s  5 s left`. */
export function progressBar(standing: Standing): string {
  const share = standing.points === 0 ? 1 : (standing.done + standing.failed) / standing.points;
  const filled = Math.floor(share * BAR_CELLS);
  const left = secondsLeft(standing);
  const parts = [
    `[${'#'.repeat(filled)}${'.'.repeat(BAR_CELLS - filled)}] ${standing.done}/${standing.points}`,
    ...(standing.failed > 0 ? [`${standing.failed} failed`] : []),
    `${rate(standing).toFixed(1)}/s`,
    ...(left === undefined ? [] : [`${duration(left)} left`]),
  ];
  return parts.join('  ');
}

/** The line of a log: `512 of 1000 points, 5.4 s, 0.0105 s a point, 5 s left`. */
export function progressLine(standing: Standing): string {
  const settled = standing.done + standing.failed;
  const left = secondsLeft(standing);
  const parts = [
    `${standing.done} of ${standing.points} points`,
    ...(standing.failed > 0 ? [`${standing.failed} failed`] : []),
    `${standing.seconds.toFixed(1)} s`,
    ...(settled === 0 ? [] : [`${significant(standing.seconds / settled)} s a point`]),
    ...(left === undefined || settled === standing.points ? [] : [`${duration(left)} left`]),
  ];
  return parts.join(', ');
}

/** Which tenth of the run `standing` has reached, 0 to 10: a line is due when it changes. */
export function tenth(standing: Standing): number {
  return standing.points === 0 ? LINES : Math.floor(((standing.done + standing.failed) * LINES) / standing.points);
}

/** Seconds as a person reads them: `42 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 120) return `${whole} s`;
  if (whole < 7200) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Three significant digits without an exponent where that stays readable. */
export function significant(value: number): string {
  return String(Number(value.toPrecision(3)));
}
