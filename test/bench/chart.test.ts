import { wallTimeChart } from '../../bench/chart';
import type { Summary } from '../../bench/summary';

/** A summary, of which the chart knows only these. */
function summary(contender: string, jobs: number, wallSeconds: number, rest: Partial<Summary> = {}): Summary {
  return { contender, jobs, wallSeconds, deletionSeconds: 10, living: 0, inDeletion: 0, ...rest } as Summary;
}

/** The points of each polyline of a class. */
function lines(svg: string, className: string): [x: number, y: number][][] {
  return [...svg.matchAll(new RegExp(`<polyline class="${className}" points="([^"]*)"`, 'g'))].map(([, points]) =>
    points!
      .split(' ')
      .filter((point) => point !== '')
      .map((point) => point.split(',').map(Number) as [number, number]),
  );
}

const fleet = [summary('A', 1, 10), summary('A', 100, 100), summary('A', 10, 10)];

test('who is as fast as the bound lies on it, whatever the order of the measurements', () => {
  const svg = wallTimeChart(fleet)!;
  const [bound] = lines(svg, 'bound');
  const [own] = lines(svg, 's0 line');
  expect(own).toHaveLength(3);
  expect(bound).toEqual(expect.arrayContaining(own!));
});

test('more jobs are further right, more time is further up', () => {
  const [own] = lines(wallTimeChart([summary('A', 1, 10), summary('A', 10, 30), summary('A', 50, 60)])!, 's0 line');
  const [xs, ys] = [own!.map(([x]) => x), own!.map(([, y]) => y)];
  expect(xs).toEqual(xs.toSorted((a, b) => a - b));
  expect(ys).toEqual(ys.toSorted((a, b) => b - a));
});

test('what left jobs behind is a cross beside the line, and is told as such', () => {
  const svg = wallTimeChart([...fleet, summary('A', 50, 1, { living: 5 })])!;
  expect(lines(svg, 's0 line')[0]).toHaveLength(3);
  expect(svg.match(/<path class="s0 line" d="M-4,-4L4,4/g)).toHaveLength(1);
  expect(svg).toContain('A, 50: 1.0 s (bound 50 s), jobs left behind');
});

test('a panel for each deletion time, but none for one that was measured with a single number of jobs', () => {
  const svg = wallTimeChart([
    ...fleet,
    ...fleet.map((each) => ({ ...each, deletionSeconds: 2 })),
    summary('A', 1, 5, { deletionSeconds: 5 }),
  ])!;
  expect([...svg.matchAll(/each job takes (\d+) s/g)].map(([, time]) => time)).toEqual(['10', '2']);
  expect(wallTimeChart([summary('A', 1, 5)])).toBeUndefined();
});

test('everything is inside of the picture', () => {
  const svg = wallTimeChart([...fleet, summary('B', 250, 3456), summary('B', 1, 0.2)])!;
  const [width, height] = [/ width="(\d+)"/, / height="(\d+)"/].map((size) => Number(size.exec(svg)?.[1]));
  const points = [...lines(svg, 's0 line'), ...lines(svg, 's1 line'), ...lines(svg, 'bound')].flat();
  expect(points.filter(([x, y]) => x < 0 || x > width! || y < 0 || y > height!)).toEqual([]);
});

test('it has a title and a description, and names do not break it', () => {
  const svg = wallTimeChart(fleet.map((each) => ({ ...each, contender: 'A & <B>' })))!;
  expect(svg).toContain('role="img" aria-labelledby="title description"');
  expect(svg).toContain('<title id="title">');
  expect(svg).toContain('A &amp; &lt;B>, 100: 100.0 s (bound 100 s)');
  expect(svg).not.toContain('<B>');
});
