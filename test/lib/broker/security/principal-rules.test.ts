import { expect, it } from 'vitest'
import { PrincipalRules } from '../../../../src/lib/broker/security/principal-rules.ts'

const subject = 'CN=Alice Doe,OU=Ops,O=Tests'

/** As Kafka's SslPrincipalMapper 4.3.1 says it. */
it.each([
  ['DEFAULT', subject],
  ['RULE:^CN=(.*?),.*$/$1/', 'Alice Doe'],
  ['RULE:^CN=(.*?),.*$/$1/L', 'alice doe'],
  ['RULE:^CN=(.*?),.*$/$1/U,DEFAULT', 'ALICE DOE'],
  ['RULE:.*/alice/', 'alicealice'],
  ['RULE:CN=(.*?)(,.*)?/$1/', subject.slice(3)],
  ['RULE:^CN=(.*?),OU=(.*?),.*$/$2\\/$1/L', 'ops/alice doe'],
  ['RULE:^CN=(.*?),.*$/$1$3/', 'Alice Doe$3'],
  ['RULE:^CN=(.*?),.*$/$12/', 'Alice Doe2'],
  ['RULE:^CN=(.*?),.*$/$0!/', `${subject}!`],
  ['RULE:^CN=(.*?),.*$/a\\$1/', 'a$1'],
  ['RULE:^x$/y/,DEFAULT', subject],
  ['RULE:^x$/y/L,,DEFAULT,', subject],
  ['  RULE:^x$/y/ , \n DEFAULT ', subject],
  ['RULE:^CN=(.*?), ?OU=(\\w+).*$/$1@$2/L', 'alice doe@ops'],
  ['RULE:^(?<who>CN=.*?),.*$/\x24{who}/', 'CN=Alice Doe'],
  ['RULE:^.*,OU=(.*),O=(.*)$/$1.$2/U', 'OPS.TESTS'],
])('%j makes a name of a subject as Kafka does', (rules, name) => {
  expect(new PrincipalRules(rules).apply(subject)).toBe(name)
})

it.each(['RULE:^x$/y/', ''])('%j fits nobody', (rules) => {
  expect(() => new PrincipalRules(rules).apply(subject)).toThrow(`fits ${subject}`)
})

it.each([
  'RULE:^CN=(.*?),.*$/$1/LX',
  'RULE:^CN=(.*?)$/$1/l',
  'NONSENSE',
  'RULE:^CN=(.*)/$1',
  'RULE:(/x/',
  'default',
  'RULE:^CN=.*$/$1/',
  'RULE:^CN=(.*)$/a$$b/',
])('%j cannot be read', (rules) => {
  expect(() => new PrincipalRules(rules)).toThrow(/ssl.principal.mapping.rules cannot be read: "/)
})
