import { mistake } from '../runtime/errors.ts';
import { settingsOf, settingsWithTable, type Invocation } from './command.ts';

/** The table that an invocation or its environment names; else all that are `known`; where none is, the default one. */
export function tablesAskedFor(invocation: Invocation, known: Iterable<string>): string[] {
  const { table } = settingsWithTable(invocation);
  const all = [...new Set(known)];
  return isTableNamed(invocation) || all.length === 0 ? [table] : all;
}

/** As tablesAskedFor, for a command that tells of one table: a mistake where several are known and none is named. */
export function tableAskedFor(invocation: Invocation, known: Iterable<string>): string {
  const [table, ...others] = tablesAskedFor(invocation, known);
  if (table !== undefined && others.length === 0) return table;
  throw mistake('which-table', `there are several tables; name one of ${[table, ...others].join(', ')}`);
}

/** Whether the table is named: a default for those that are not does not change it. */
export function isTableNamed(invocation: Invocation): boolean {
  const otherwise = (experimentTable: string): string => settingsOf(invocation, { experimentTable }).table;
  return invocation.arguments.length > 0 || otherwise('one') === otherwise('another');
}
