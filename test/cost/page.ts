/** `docs/cost.md`: made of the templates, the price list and the traffic that is assumed. */
import { developmentRegion, productionRegion, twoRegions } from './deployments';
import { fixedItems, type Item, itemsOfAMillion, PAYMENT, type Resources, total } from './model';
import { HOURS_A_MONTH, PRICES, PRICES_READ } from './prices';

interface Column {
  readonly name: string;
  readonly resources: Resources;
  readonly replicas: number;
}

export function costPage(): string {
  const columns: Column[] = [
    { name: 'development, one Region', resources: developmentRegion(), replicas: 1 },
    { name: 'production, one Region', resources: productionRegion(), replicas: 1 },
    { name: 'production, two Regions', resources: twoRegions(), replicas: 2 },
  ];
  return [
    '# Cost',
    '',
    `What a deployment costs at list prices of us-east-1 as of ${PRICES_READ}, in US dollars: computed from the synthesized templates by \`npx projen cost\`, and held`,
    'to them by a test. Every column has the API, events, alarms and dashboard. Free tiers, discounts, taxes and support are not counted; prices of other Regions differ.',
    '',
    '## Each month, whether or not anybody pays',
    '',
    ...table(columns, ({ resources }) => fixedItems(resources)),
    '',
    'Not counted, for they depend on traffic and are small beside it: load balancer units, gigabytes through NAT gateways, flow logs, container insights. More tasks run when there is more to do:',
    `each costs ${dollars((PRICES.armVcpuHour.dollars + 2 * PRICES.armGigabyteHour.dollars) * HOURS_A_MONTH)} a month with 1 vCPU and 2 GB.`,
    '',
    '## For a million payments',
    '',
    ...table(columns, ({ resources, replicas }) => itemsOfAMillion(resources, replicas)),
    '',
    `A payment here is created, shown, read twice by a long poll and paid: ${PAYMENT.requests} requests, ${PAYMENT.writeUnits} write units, ${PAYMENT.readUnits} read units, ${PAYMENT.events} events, an item of ${PAYMENT.itemBytes} bytes.`,
    'In two Regions the two columns of the first table are one deployment; traffic is in one of them at a time, and a replica pays for each write once more.',
    '',
    '## Prices',
    '',
    '| dollars | for a | source |',
    '|---|---|---|',
    ...Object.values(PRICES).map(({ dollars: price, unit, source }) => `| ${price} | ${unit} | ${source} |`),
    '',
  ].join('\n');
}

/** One row an item, in the order in which it first comes; the sum last. */
function table(columns: readonly Column[], itemsOf: (column: Column) => Item[]): string[] {
  const items = columns.map(itemsOf);
  const names = [...new Set(items.flat().map(({ what }) => what))];
  const cell = (list: Item[], name: string) => {
    const item = list.find(({ what }) => what === name);
    return item === undefined ? '' : `${trim(item.amount)} · ${dollars(item.dollars)}`;
  };
  return [
    `| | ${columns.map(({ name }) => name).join(' | ')} |`,
    `|---|${columns.map(() => '---').join('|')}|`,
    ...names.map((name) => `| ${name} | ${items.map((list) => cell(list, name)).join(' | ')} |`),
    `| **together** | ${items.map((list) => `**${dollars(total(list))}**`).join(' | ')} |`,
  ];
}

function dollars(value: number): string {
  return `$${value.toFixed(2)}`;
}

function trim(value: number): string {
  return String(Math.round(value * 100) / 100);
}
