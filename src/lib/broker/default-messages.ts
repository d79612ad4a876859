import type { ErrorName } from '../protocol/error-codes.ts'

const messages: { readonly [name in ErrorName]?: string } = {
  UNKNOWN_SERVER_ERROR: 'The server experienced an unexpected error when processing the request.',
  UNKNOWN_TOPIC_OR_PARTITION: 'This server does not host this topic-partition.',
  LEADER_NOT_AVAILABLE:
    'There is no leader for this topic-partition as we are in the middle of a leadership election.',
  NOT_LEADER_OR_FOLLOWER:
    'For requests intended only for the leader, this error indicates that the broker is not the current leader. ' +
    'For requests intended for any replica, this error indicates that the broker is not a replica of the topic partition.',
  COORDINATOR_LOAD_IN_PROGRESS: "The coordinator is loading and hence can't process requests.",
  COORDINATOR_NOT_AVAILABLE: 'The coordinator is not available.',
  NOT_COORDINATOR: 'This is not the correct coordinator.',
  UNKNOWN_MEMBER_ID: 'The coordinator is not aware of this member.',
  INVALID_REQUEST:
    'This most likely occurs because of a request being malformed by the client library or the message was sent ' +
    'to an incompatible broker. See the broker logs for more details.',
  TOPIC_AUTHORIZATION_FAILED: 'Topic authorization failed.',
  GROUP_AUTHORIZATION_FAILED: 'Group authorization failed.',
  CLUSTER_AUTHORIZATION_FAILED: 'Cluster authorization failed.',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 'Transactional Id authorization failed.',
  KAFKA_STORAGE_ERROR: 'Disk error when trying to access log file on the disk.',
  INVALID_GROUP_ID: 'The group id is invalid.',
  NON_EMPTY_GROUP: 'The group is not empty.',
  GROUP_ID_NOT_FOUND: 'The group id does not exist.',
  FENCED_LEADER_EPOCH: 'The leader epoch in the request is older than the epoch on the broker.',
  UNKNOWN_TOPIC_ID: 'This server does not host this topic ID.',
  INVALID_RECORD_STATE:
    'The record state is invalid. The acknowledgement of delivery could not be completed.',
  SHARE_SESSION_NOT_FOUND: 'The share session was not found.',
  INVALID_SHARE_SESSION_EPOCH: 'The share session epoch is invalid.',
  FENCED_STATE_EPOCH:
    'The share coordinator rejected the request because the share-group state epoch did not match.',
}

/** What Kafka says with an error of which it has nothing particular to say; clients print it. */
export function defaultMessage(error: ErrorName): string | null {
  return messages[error] ?? null
}
