import type { ToolName } from '../kafka/tools.ts'

/** A tool and its arguments: `%` stands for what all groups and topics of the test begin with. */
export type Question = readonly [tool: ToolName, args: string]

const looks = ['', '--offsets', '--members', '--members --verbose', '--state', '--state --verbose']
const consumers = '--group %classic --group %modern --group %left --group %was'
const shares = '--group %sharing --group %shared'

const described: Question[] = [
  ...looks.map((how): Question => ['consumer-groups', `--describe ${consumers} ${how}`]),
  ['consumer-groups', '--describe --group %modern --offsets --verbose'],
  ['consumer-groups', '--describe --group %missing'],
  ['consumer-groups', '--describe --group %missing --members'],
  ['consumer-groups', '--describe --group %sharing --state'],
  ['consumer-groups', '--describe --group %left --timeout 30000'],
  ['consumer-groups', '--describe --group %left --timeout none'],
  ['consumer-groups', '--describe'],
  ['consumer-groups', '--describe --group %left --members --offsets'],
  ...looks.map((how): Question => ['share-groups', `--describe ${shares} ${how}`]),
  ['share-groups', '--describe --group %missing'],
  ['share-groups', '--describe --group %modern --members'],
]

const listed: Question[] = [
  ...['', '--state', '--type', '--state Stable', '--state empty,dead --type', '--type consumer --state'].map(
    (how): Question => ['consumer-groups', `--list ${how}`],
  ),
  ['consumer-groups', '--list --state None'],
  ['consumer-groups', '--list --type streams'],
  ...['', '--consumer', '--share', '--streams', '--group-type classic', '--protocol consumer'].map(
    (how): Question => ['groups', `--list ${how}`],
  ),
  ['groups', '--list --group-type none'],
  ['groups', '--list --share --consumer'],
  ...['', '--state', '--state Stable,Empty', '--state none'].map(
    (how): Question => ['share-groups', `--list ${how}`],
  ),
]

const reset = (how: string): Question => ['consumer-groups', `--reset-offsets --group %left ${how}`]

const foretold: Question[] = [
  ...[
    ...['--to-earliest', '--to-latest', '--to-current', '--to-offset 3', '--to-offset 99', '--shift-by 1'],
    ...['--shift-by -9', '--to-datetime 2020-01-01T00:00:00.000', '--to-datetime 2023-11-14T22:13:20.004Z'],
    ...['--by-duration PT1H', '--to-datetime yesterday', '--by-duration 1h'],
  ].map((how) => reset(`--dry-run --all-topics ${how}`)),
  ...['%a', '%a:1', '%a:0,1 --topic %b', '%a:7', '%none'].map((topic) =>
    reset(`--dry-run --to-latest --topic ${topic}`),
  ),
  reset('--to-earliest --all-topics'),
  reset('--to-earliest --all-topics --export'),
  reset('--to-earliest --all-topics --dry-run --execute'),
  reset('--to-earliest --topic %a --dry-run --group %was --export'),
  reset('--from-file FILE --dry-run'),
  reset('--from-file FILE --dry-run --group %was'),
  reset('--to-earliest'),
  reset('--all-topics --execute'),
  ['consumer-groups', '--reset-offsets --group %classic --to-earliest --all-topics --dry-run'],
  ['consumer-groups', '--reset-offsets --group %modern --to-earliest --all-topics --execute'],
  ['consumer-groups', '--reset-offsets --group %missing --to-earliest --topic %a --dry-run'],
  ['consumer-groups', '--reset-offsets --group %missing --to-earliest --all-topics --dry-run'],
  ['consumer-groups', '--reset-offsets --group %sharing --to-earliest --topic %a --dry-run'],
  ['share-groups', '--reset-offsets --group %shared --to-earliest --all-topics --dry-run'],
  ['share-groups', '--reset-offsets --group %shared --to-latest --topic %a --dry-run'],
  ['share-groups', '--reset-offsets --group %shared --to-offset 3 --topic %a --dry-run'],
  [
    'share-groups',
    '--reset-offsets --group %shared --to-datetime 2023-11-14T22:13:20.004Z --topic %a --dry-run',
  ],
  ['share-groups', '--reset-offsets --group %sharing --to-earliest --topic %a --dry-run'],
  ['share-groups', '--reset-offsets --group %missing --to-earliest --topic %a --dry-run'],
  ['share-groups', '--reset-offsets --group %shared --to-earliest --topic %none --dry-run'],
  ['share-groups', '--reset-offsets --group %modern --to-earliest --topic %a --dry-run'],
]

/** In this order. */
export const changes: readonly Question[] = [
  reset('--to-offset 4 --topic %a:1 --execute'),
  reset('--from-file FILE --execute --group %was'),
  ['consumer-groups', '--describe --group %left --group %was --offsets'],
  ['consumer-groups', '--reset-offsets --group %made --to-latest --topic %b --execute'],
  ['consumer-groups', '--describe --group %made'],
  ['consumer-groups', '--delete-offsets --group %left --topic %b'],
  ['consumer-groups', '--delete-offsets --group %left --topic %a:1 --topic %none'],
  ['consumer-groups', '--delete-offsets --group %left --topic %a:7'],
  ['consumer-groups', '--delete-offsets --group %modern --topic %a'],
  ['consumer-groups', '--delete-offsets --group %modern --topic %b'],
  ['consumer-groups', '--delete-offsets --group %missing --topic %a'],
  ['consumer-groups', '--describe --group %left'],
  ['consumer-groups', '--delete --group %left --group %classic'],
  ['consumer-groups', '--delete --group %was'],
  ['consumer-groups', '--delete --group %modern'],
  ['consumer-groups', '--delete --group %missing'],
  ['consumer-groups', '--delete --group %sharing'],
  ['share-groups', '--reset-offsets --group %shared --to-earliest --topic %a --execute'],
  ['share-groups', '--describe --group %shared'],
  ['share-groups', '--delete-offsets --group %shared --topic %b'],
  ['share-groups', '--delete-offsets --group %shared --topic %none'],
  ['share-groups', '--delete-offsets --group %sharing --topic %a'],
  ['share-groups', '--delete-offsets --group %missing --topic %a'],
  ['share-groups', '--describe --group %shared --verbose'],
  ['share-groups', '--delete --group %shared'],
  ['share-groups', '--delete --group %sharing'],
  ['share-groups', '--delete --group %missing --group %modern'],
  ['groups', '--list'],
]

/** What changes nothing. */
export const looksAround: readonly Question[] = [...described, ...listed, ...foretold]
