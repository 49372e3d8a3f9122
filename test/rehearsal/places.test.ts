import { exampleAccount as home, LocalAws } from '../../local';
import { JobPlaces, REGIONS } from '../../rehearsal/command/places';

const OTHER = 'arn:aws:iam::222222222222:role/teams/iot/jobs';

let aws: LocalAws;
let places: JobPlaces;
beforeEach(async () => {
  aws = await LocalAws.start({ virtualTime: true, regions: REGIONS });
  places = new JobPlaces(aws, home);
});
afterEach(() => aws.close());

test("the stack's own place has no name, also where it is named", () => {
  expect(places.of({})).toEqual({ iot: aws.iot, place: undefined });
  expect(places.of({ Region: home.region })).toEqual({ iot: aws.iot, place: undefined });
});

test('another region of the account', () => {
  expect(places.of({ Region: 'eu-west-1' })).toEqual({
    iot: aws.iotIn('eu-west-1'),
    place: `${home.accountId}/eu-west-1`,
  });
});

test('another account is opened once, with the roles that are named there', () => {
  const one = places.of({ AssumeRole: { RoleArn: OTHER } });
  expect(one?.place).toBe(`222222222222/${home.region}`);
  expect(places.of({ AssumeRole: { RoleArn: OTHER, ExternalId: 'tools' } })?.iot).toBe(one?.iot);
  expect(places.of({ AssumeRole: { RoleArn: `${OTHER}-2` }, Region: 'eu-west-1' })?.iot).not.toBe(one?.iot);
});

test("a role of the app is the app's; one that is not is made", () => {
  const { arn } = aws.iam.createRole('of-the-app');
  expect(places.of({ AssumeRole: { RoleArn: arn } })).toEqual({ iot: aws.iot, place: undefined });
  const another = arn.replace('of-the-app', 'of-others');
  places.of({ AssumeRole: { RoleArn: another } });
  expect(aws.iam.findRole(another)?.roleName).toBe('of-others');
});

test('a region that there is not has no jobs', () => {
  expect(places.of({ Region: 'xx-nowhere-9' })).toBeUndefined();
});
