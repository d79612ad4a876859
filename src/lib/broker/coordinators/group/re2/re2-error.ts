/** What is no pattern; the message is RE2/J's description, which Kafka passes on. */
export class Re2Error extends Error {}
