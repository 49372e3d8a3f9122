import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
test('y', async () => {
  const p = readFile('/work/wt/gate/package-lock.json');
  console.log(process.getActiveResourcesInfo(), (performance as any).nodeTiming.uvMetricsInfo);
  await p;
  console.log((performance as any).nodeTiming.uvMetricsInfo);
});
