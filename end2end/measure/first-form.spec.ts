import { expect, test } from "../fixtures";
import { load, median, type Load } from "../fixtures/load";

const LOADS = 20;

for (const { name, slow, within } of [
  { name: "this machine", slow: false, within: 100 },
  { name: "slow 4G, a processor of a quarter of the speed", slow: true, within: 600 },
]) {
  test(`the form is usable within ${within} ms: ${name}`, async ({ browser, server }) => {
    const loads: Load[] = [];
    for (let count = 0; count < LOADS; count += 1) loads.push(await load(browser, server.url, slow));
    const row = (what: keyof Load) => loads.map((one) => one[what]);
    const figures = {
      loads: LOADS,
      usable: { median: Math.round(median(row("usable"))), worst: Math.round(Math.max(...row("usable"))) },
      ready: { median: Math.round(median(row("ready"))), worst: Math.round(Math.max(...row("ready"))) },
      longestTask: { median: Math.round(median(row("longest"))), worst: Math.round(Math.max(...row("longest"))) },
      shift: Math.max(...row("shift")),
    };
    process.stdout.write(`${name}: ${JSON.stringify(figures)}\n`);
    expect(figures.shift).toBe(0);
    expect(figures.usable.median).toBeLessThanOrEqual(within);
    if (!slow) expect(figures.longestTask.median).toBeLessThanOrEqual(50);
  });
}
