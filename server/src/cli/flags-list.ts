import type { Environment, MatrixCell, MatrixRow, Page } from '@dimmer/core/api';
import { createApiClient, path, type ApiOptions } from './api-client.ts';
import type { CliIo } from './io.ts';
import { pages } from './pages.ts';
import { table } from './table.ts';

/** `dimmer flags list`: one row a flag, one column an environment. */
export async function flagsList(options: ApiOptions, io: CliIo): Promise<void> {
  const client = createApiClient(options, io);
  const project = path('projects', client.project);
  const rows = await pages<MatrixRow>(client, `${project}/flags?view=matrix`);
  if (options.json) return io.out(JSON.stringify(rows, null, 2));
  if (rows.length === 0) return io.out('No flags yet. Make one: dimmer flags create KEY');
  const environments = await client.get<Page<Environment>>(`${project}/environments`);
  const columns = [...environments.items].sort((a, b) => a.position - b.position).map((environment) => environment.key);
  const heading = ['FLAG', ...columns.map((key) => key.toUpperCase()), 'CHANGED (UTC)', 'BY'];
  io.out(table([heading, ...rows.map((row) => line(row, columns))]));
}

function line(row: MatrixRow, columns: readonly string[]): string[] {
  const cells = columns.map((environment) => {
    const cell = row.cells[environment];
    return cell === undefined ? '' : describeCell(cell);
  });
  return [row.key, ...cells, row.lastChange?.at.slice(0, 16).replace('T', ' ') ?? '', row.lastChange?.actor ?? ''];
}

/** What a flag does in one environment, in a few words: "off", "on", "10 % + dogfood + 2 rules". */
function describeCell(cell: MatrixCell): string {
  if (!cell.enabled) return 'off';
  const parts = cell.percent === null ? ['custom'] : [describePercent(cell)];
  if (cell.percent !== 0) parts.push(...cell.audience);
  if (cell.rules > 0) parts.push(`${cell.rules} ${cell.rules === 1 ? 'rule' : 'rules'}`);
  return parts.join(' + ');
}

function describePercent(cell: MatrixCell): string {
  if (cell.percent === 100) return 'on';
  if (cell.percent === 0) return cell.audience.length === 0 ? 'dark' : cell.audience.join(' + ');
  return `${cell.percent} %`;
}
