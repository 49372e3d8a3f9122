import { deleting, effects, startAws } from '../e2e/world';
test('x', async () => {
  const stack = deleting({ jobId: 'a', force: true });
  const t0 = performance.now();
  const aws = await startAws({ onEvent: (e) => process.stderr.write(`${e.time.toISOString()} ${e.status} ${e.logicalId} ${e.reason ?? ''}\n`) });
  const v = (aws as any).virtualClock;
  const rest = v.rest.bind(v);
  v.rest = async () => { const t = performance.now(); await rest(); const next = [...v.sleepers].sort((a: any,b: any) => a.dueAt-b.dueAt)[0]; process.stderr.write(`  ${process.getActiveResourcesInfo().filter((x) => !/Pipe|Process|Server/.test(x)).join()} sent ${[...v.traffic.sent].map((r: any) => r.method + r.path.slice(0, 20) + r.res?.complete)}  JUMP ${next && next.dueAt - v.time} after ${(performance.now() - t).toFixed(1)}\n`); };
  const e = aws.endpoint as any; const ans = e.answer.bind(e); e.answer = async (...a: any[]) => { process.stderr.write('> ' + a[1].url.slice(0,50) + a[2].slice(0, 30) + '\n'); const r = await ans(...a); process.stderr.write('< ' + r.status + '\n'); return r; };
  aws.lambda.intercept = async (n, p, next) => { process.stderr.write('INVOKE ' + n.slice(10) + '\n'); const r = await next(); process.stderr.write('ENDED ' + n.slice(10) + '\n'); return r; };
  aws.iot.createJob({ jobId: 'a' });
  await aws.cloudFormation.createStack(stack);
  const t1 = performance.now();
  const r = await aws.cloudFormation.deleteStack({ stackName: 'S' });
  console.log(r.status, t1 - t0, performance.now() - t1, aws.lambda.invocations.length, effects(aws));
  await aws.close();
});
